//! Requests that may be repeated: what was answered the first time.

use actors::engine::journal::{CommitError, Inbox, Seq};
use sqlx::Row;

use crate::journal::checks::mark_of_inbox;
use crate::journal::{SqlJournal, fault};

/// A request that was committed before.
pub struct KnownRequest {
    /// Hash of its body.
    pub sha256: String,
    /// What was answered; none while the first answer is being made.
    pub status: Option<i64>,
    /// The body of the answer.
    pub body: Option<String>,
    /// Position of the first event that the request led to, while there is no answer.
    pub first: Option<Seq>,
}

/// What stands in place of the answer's body until there is one.
pub fn first_event(seq: Seq) -> String {
    format!("first event {seq}")
}

fn read_first(text: &str) -> Option<Seq> {
    text.strip_prefix("first event ")?.parse().ok()
}

impl SqlJournal {
    /// What is known of a request.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn known_request(&self, inbox: &Inbox) -> Result<Option<KnownRequest>, CommitError> {
        let row = sqlx::query("SELECT sha256, status, body FROM inbox WHERE mark = $1")
            .bind(mark_of_inbox(&inbox.source, &inbox.key))
            .fetch_optional(&self.database().readers)
            .await
            .map_err(fault)?;
        row.map(|row| {
            let (status, body): (Option<i64>, Option<String>) = (row.try_get(1)?, row.try_get(2)?);
            let first = body.as_deref().filter(|_| status.is_none()).and_then(read_first);
            let body = body.filter(|_| status.is_some());
            Ok(KnownRequest { sha256: row.try_get(0)?, status, body, first })
        })
        .transpose()
        .map_err(fault)
    }

    /// Keeps what was answered, also where nothing was committed: the key is spent either way.
    ///
    /// # Errors
    /// Overload and faults.
    pub async fn remember_answer(
        &self,
        inbox: &Inbox,
        status: i64,
        body: String,
        at: jiff::Timestamp,
    ) -> Result<(), CommitError> {
        let mark = mark_of_inbox(&inbox.source, &inbox.key);
        let (sha256, at_us) = (inbox.sha256.to_string(), at.as_microsecond());
        self.side(Box::new(move |connection, _| {
            Box::pin(async move {
                let keep = "INSERT INTO inbox (mark, sha256, at_us, status, body)
                     VALUES ($1, $2, $3, $4, $5)
                     ON CONFLICT (mark) DO UPDATE SET status = excluded.status, body = excluded.body";
                sqlx::query(keep)
                    .bind(mark)
                    .bind(sha256)
                    .bind(at_us)
                    .bind(status)
                    .bind(body)
                    .execute(&mut *connection)
                    .await?;
                Ok(())
            })
        }))
        .await
    }
}
