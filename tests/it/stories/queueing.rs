//! Texts of one number leave in the order they were asked for, also where one of them must be tried again.

use actors::errand::Errand;
use actors::workers::courier::Desk;
use jiff::SignedDuration;
use serde_json::json;

use crate::harness::house::{House, on_both};

on_both! {
    what_must_be_tried_again_is_not_overtaken at "09:50";
    work_that_fails_beside_others_fails_alone at "09:50";
}

/// An errand as it waits: when it is due, in seconds from `due`, and how often it was tried.
async fn waits(house: &House, n: i64, phone: &str, due_s: i64, attempts: i64) {
    let text = Errand::SendText {
        conversation_id: "conv_1".into(),
        message_id: format!("msg_{n}").as_str().into(),
        phone: phone.into(),
    };
    let body = serde_json::to_string(&text).unwrap();
    let due = house.now() + SignedDuration::from_hours(24) + SignedDuration::from_secs(due_s);
    let (id, phone) = (format!("errand_{n}"), phone.to_owned());
    let work = house.inside.journal.side(Box::new(move |connection, _| {
        Box::pin(async move {
            sqlx::query(
                "INSERT INTO errands (id, kind, destination, body, state, attempts, asked_seq, due_us)
                 VALUES ($1, 'send_text', $2, $3, 'ready', $4, $5, $6)",
            )
            .bind(id)
            .bind(phone)
            .bind(body)
            .bind(attempts)
            .bind(n)
            .bind(due.as_microsecond())
            .execute(&mut *connection)
            .await?;
            Ok(())
        })
    }));
    work.await.unwrap();
}

async fn what_must_be_tried_again_is_not_overtaken(house: &House) {
    house.technician("Ana").await;
    // One was tried and waits for its next try; the other to the same number was asked for after it.
    waits(house, 1, "+14505550101", 60, 1).await;
    waits(house, 2, "+14505550101", 0, 0).await;
    waits(house, 3, "+14505550102", 0, 0).await;
    let leased = async |after_s: i64| {
        let now = house.now() + SignedDuration::from_hours(24) + SignedDuration::from_secs(after_s);
        let until = now + SignedDuration::from_secs(600);
        let leased = house.inside.journal.lease(now, until, 32, Vec::new()).await.unwrap();
        let mut ids: Vec<String> = leased.iter().map(|leased| leased.id.to_string()).collect();
        ids.sort();
        ids
    };
    assert_eq!(leased(5).await, ["errand_3"], "the second waits for the first");
    assert_eq!(leased(61).await, ["errand_1"], "the first goes before the second");
    assert!(leased(62).await.is_empty(), "nobody knows yet how it went");
    assert_eq!(leased(700).await, ["errand_1", "errand_3"], "and it still goes first");
    // They are about no text there is.
    let work = house.inside.journal.side(Box::new(|connection, _| {
        Box::pin(async move {
            sqlx::query("DELETE FROM errands").execute(&mut *connection).await?;
            Ok(())
        })
    }));
    work.await.unwrap();
}

async fn work_that_fails_beside_others_fails_alone(house: &House) {
    let leave = async |id: &'static str, fails: bool| {
        let work: tournee::journal::SideWork = Box::new(move |connection, _| {
            Box::pin(async move {
                let row = "INSERT INTO errands (id, kind, destination, body, state, attempts, asked_seq, due_us)
                           VALUES ($1, 'nothing', 'nobody', '{}', 'gone', 0, 1, 1)";
                sqlx::query(row).bind(id).execute(&mut *connection).await?;
                if fails {
                    // The same row again, which the database itself refuses.
                    sqlx::query(row).bind(id).execute(&mut *connection).await?;
                }
                Ok(())
            })
        });
        house.inside.journal.side(work).await.is_ok()
    };
    let tag = json!({"name": "Cuivre"});
    let (one, two, three, made) = tokio::join!(
        leave("errand_1", false),
        leave("errand_2", true),
        leave("errand_3", false),
        house.make("/tags", tag),
    );
    assert_eq!((one, two, three), (true, false, true));
    assert_eq!(made["name"], "Cuivre");
    let mut reader = house.inside.read().await.unwrap();
    let rows: Vec<(String,)> =
        sqlx::query_as("SELECT id FROM errands WHERE destination = 'nobody' ORDER BY id")
            .fetch_all(&mut *reader)
            .await
            .unwrap();
    let ids: Vec<&str> = rows.iter().map(|row| row.0.as_str()).collect();
    assert_eq!(ids, ["errand_1", "errand_3"], "what failed left nothing behind");
}
