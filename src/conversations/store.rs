//! Threads' and messages' rows: projected from events, loaded for their actors, read for lists and the outbox.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use actors::conversations::protocol::{Consent, ConversationEvent, Message, Thread};
use actors::conversations::{Conversation, Kept, RECENT_MAX};
use actors::engine::journal::Seq;
use actors::engine::shell::{LoadError, Loader};
use actors::ids::MessageId;
use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use sqlx::{AnyConnection, Row};

use crate::journal::projection::{parsed, parsed_or_none};
use crate::journal::rows::Kind::{Int, Text};
use crate::journal::rows::{Rows, Table, doc, text_or_null, us};
use crate::shelves::{Shelves, position, unloadable};

static THREADS: Table = Table::new(
    "threads",
    1,
    &[
        ("id", Text),
        ("phone", Text),
        ("customer_id", Text),
        ("technician_id", Text),
        ("open", Int),
        ("consent", Text),
        ("doc", Text),
    ],
);

static MESSAGES: Table = Table::new(
    "messages",
    1,
    &[
        ("id", Text),
        ("conversation_id", Text),
        ("at_us", Int),
        ("direction", Text),
        ("kind", Text),
        ("state", Text),
        ("job_id", Text),
        ("provider_id", Text),
        ("doc", Text),
    ],
);

static PARTS: Table =
    Table::new("message_parts", 1, &[("telling_id", Text), ("message_id", Text), ("gone", Int)]);

/// Puts the rows that an event changes.
pub fn project(event: &ConversationEvent, rows: &mut Rows) {
    match event {
        ConversationEvent::ThreadChanged { after, .. } => rows.put(
            &THREADS,
            [
                after.id.as_str().into(),
                (&*after.phone).into(),
                text_or_null(after.customer_id.as_ref().map(|id| id.as_str())),
                text_or_null(after.technician_id.as_ref().map(|id| id.as_str())),
                i64::from(after.open).into(),
                consent_code(after.consent).into(),
                doc(after),
            ],
        ),
        ConversationEvent::MessageRewritten { before, after } => {
            put_message(after, rows);
            put_parts(before, after, rows);
        }
        ConversationEvent::MessageQueued { message }
        | ConversationEvent::MessageChanged { after: message, .. }
        | ConversationEvent::MessageReceived { message } => put_message(message, rows),
    }
}

/// Which text carries what was told; what it said before and says no more is gone.
fn put_parts(before: &Message, after: &Message, rows: &mut Rows) {
    let mut put = |id: &MessageId, gone: bool| {
        let (id, message) = (id.as_str().into(), after.id.as_str().into());
        rows.put(&PARTS, [id, message, i64::from(gone).into()]);
    };
    let (old, new) = (before.parts(), after.parts());
    for part in &new {
        put(&part.id, false);
    }
    for part in old.iter().filter(|part| new.iter().all(|kept| kept.id != part.id)) {
        put(&part.id, true);
    }
}

fn consent_code(consent: Consent) -> &'static str {
    match consent {
        Consent::Given => "given",
        Consent::Withdrawn => "withdrawn",
    }
}

fn put_message(message: &Message, rows: &mut Rows) {
    let direction = match message.direction {
        actors::conversations::protocol::Direction::Incoming => "incoming",
        actors::conversations::protocol::Direction::Outgoing => "outgoing",
    };
    rows.put(
        &MESSAGES,
        [
            message.id.as_str().into(),
            message.conversation_id.as_str().into(),
            us(message.at),
            direction.into(),
            message.kind.code().into(),
            message.state.code().into(),
            text_or_null(message.job_id.as_ref().map(|id| id.as_str())),
            text_or_null(message.provider_id.as_deref()),
            doc(message),
        ],
    );
}

/// One message.
///
/// # Errors
/// When the database cannot be read.
pub async fn message(
    connection: &mut AnyConnection,
    id: &str,
) -> Result<Option<Message>, sqlx::Error> {
    let row = sqlx::query("SELECT doc FROM messages WHERE id = $1")
        .bind(id.to_owned())
        .fetch_optional(&mut *connection)
        .await?;
    row.as_ref().map(|row| parsed(row, "doc")).transpose()
}

/// The message with the provider's id.
///
/// # Errors
/// When the database cannot be read.
pub async fn by_provider(
    connection: &mut AnyConnection,
    provider_id: &str,
) -> Result<Option<Message>, sqlx::Error> {
    let row = sqlx::query("SELECT doc FROM messages WHERE provider_id = $1 LIMIT 1")
        .bind(provider_id.to_owned())
        .fetch_optional(&mut *connection)
        .await?;
    row.as_ref().map(|row| parsed(row, "doc")).transpose()
}

/// The newest answer of a thread to a dispatcher who asked.
///
/// # Errors
/// When the database cannot be read.
pub async fn last_suggestion(
    connection: &mut AnyConnection,
    thread: &str,
) -> Result<Option<Message>, sqlx::Error> {
    let row = sqlx::query(
        "SELECT doc FROM messages WHERE conversation_id = $1 AND kind = 'suggestion'
         ORDER BY at_us DESC, id DESC LIMIT 1",
    )
    .bind(thread.to_owned())
    .fetch_optional(&mut *connection)
    .await?;
    row.as_ref().map(|row| parsed(row, "doc")).transpose()
}

/// Whether texts may be sent to a number.
///
/// # Errors
/// When the database cannot be read.
pub async fn consent(connection: &mut AnyConnection, phone: &str) -> Result<Consent, sqlx::Error> {
    let withdrawn = sqlx::query("SELECT 1 FROM threads WHERE phone = $1 AND consent = 'withdrawn'")
        .bind(phone.to_owned())
        .fetch_optional(&mut *connection)
        .await?;
    Ok(if withdrawn.is_some() { Consent::Withdrawn } else { Consent::Given })
}

/// One thread.
///
/// # Errors
/// When the database cannot be read.
pub async fn thread(
    connection: &mut AnyConnection,
    id: &str,
) -> Result<Option<Thread>, sqlx::Error> {
    let row = sqlx::query("SELECT doc FROM threads WHERE id = $1")
        .bind(id.to_owned())
        .fetch_optional(&mut *connection)
        .await?;
    row.as_ref().map(|row| parsed(row, "doc")).transpose()
}

/// A thread as it is listed: with its newest message and whose it is.
#[derive(Clone, Debug)]
pub struct Listed {
    /// The thread.
    pub thread: Thread,
    /// Its newest message.
    pub last: Option<Message>,
    /// The customer's or technician's name.
    pub name: Option<String>,
}

/// Whose threads these are, by id; those of nobody who is known are left out.
///
/// # Errors
/// When the database cannot be read.
pub async fn names(
    connection: &mut AnyConnection,
    threads: &BTreeSet<&str>,
) -> Result<HashMap<String, String>, sqlx::Error> {
    let mut names = HashMap::new();
    for id in threads {
        let row = sqlx::query(
            "SELECT COALESCE(c.name, k.name) AS name FROM threads t
             LEFT JOIN customers c ON c.id = t.customer_id
             LEFT JOIN technicians k ON k.id = t.technician_id WHERE t.id = $1",
        )
        .bind((*id).to_owned())
        .fetch_optional(&mut *connection)
        .await?;
        let name: Option<String> = row.map(|row| row.try_get("name")).transpose()?.flatten();
        names.extend(name.map(|name| ((*id).to_owned(), name)));
    }
    Ok(names)
}

/// A page of threads after an id, newest message first within the page.
///
/// # Errors
/// When the database cannot be read.
pub async fn threads(
    connection: &mut AnyConnection,
    open: Option<bool>,
    customer: Option<&str>,
    after: &str,
    limit: i64,
) -> Result<Vec<Listed>, sqlx::Error> {
    let rows = sqlx::query(
        "SELECT t.doc, COALESCE(c.name, k.name) AS name,
           (SELECT m.doc FROM messages m WHERE m.conversation_id = t.id
            ORDER BY m.at_us DESC, m.id DESC LIMIT 1) AS last
         FROM threads t LEFT JOIN customers c ON c.id = t.customer_id
         LEFT JOIN technicians k ON k.id = t.technician_id
         WHERE t.id > $1 AND (CAST($2 AS BIGINT) IS NULL OR t.open = $2)
           AND (CAST($3 AS TEXT) IS NULL OR t.customer_id = $3)
         ORDER BY t.id LIMIT $4",
    )
    .bind(after.to_owned())
    .bind(open.map(i64::from))
    .bind(customer.map(str::to_owned))
    .bind(limit)
    .fetch_all(&mut *connection)
    .await?;
    rows.iter()
        .map(|row| {
            Ok(Listed {
                thread: parsed(row, "doc")?,
                last: parsed_or_none(row, "last")?,
                name: row.try_get("name")?,
            })
        })
        .collect()
}

/// A thread's messages after an id in order of time (ties by id).
///
/// # Errors
/// When the database cannot be read.
pub async fn messages(
    connection: &mut AnyConnection,
    conversation: &str,
    after: Option<(i64, String)>,
    limit: i64,
) -> Result<Vec<Message>, sqlx::Error> {
    let (after_us, after_id) = after.unwrap_or((i64::MIN, String::new()));
    let rows = sqlx::query(
        "SELECT doc FROM messages WHERE conversation_id = $1
         AND (at_us > $2 OR (at_us = $2 AND id > $3)) ORDER BY at_us, id LIMIT $4",
    )
    .bind(conversation.to_owned())
    .bind(after_us)
    .bind(after_id)
    .bind(limit)
    .fetch_all(&mut *connection)
    .await?;
    rows.iter().map(|row| parsed(row, "doc")).collect()
}

/// Outgoing messages, newest first, before a moment and id.
///
/// # Errors
/// When the database cannot be read.
pub async fn outgoing(
    connection: &mut AnyConnection,
    states: &[&str],
    job: Option<&str>,
    before: Option<(i64, String)>,
    limit: i64,
) -> Result<Vec<Message>, sqlx::Error> {
    let (before_us, before_id) = before.unwrap_or((i64::MAX, String::new()));
    // At most three states are ever asked for; unused places repeat the first.
    let state = |n: usize| states.get(n).or_else(|| states.first()).map(|s| (*s).to_owned());
    let rows = sqlx::query(
        "SELECT doc FROM messages WHERE direction = 'outgoing'
         AND (CAST($1 AS TEXT) IS NULL OR state IN ($1, $2, $3))
         AND (CAST($4 AS TEXT) IS NULL OR job_id = $4)
         AND (at_us < $5 OR (at_us = $5 AND id < $6)) ORDER BY at_us DESC, id DESC LIMIT $7",
    )
    .bind(state(0))
    .bind(state(1))
    .bind(state(2))
    .bind(job.map(str::to_owned))
    .bind(before_us)
    .bind(before_id)
    .bind(limit)
    .fetch_all(&mut *connection)
    .await?;
    rows.iter().map(|row| parsed(row, "doc")).collect()
}

/// Outgoing messages that came to be in a span, oldest first.
///
/// # Errors
/// When the database cannot be read.
pub async fn outgoing_between(
    connection: &mut AnyConnection,
    from: jiff::Timestamp,
    to: jiff::Timestamp,
    limit: i64,
) -> Result<Vec<Message>, sqlx::Error> {
    let rows = sqlx::query(
        "SELECT doc FROM messages WHERE direction = 'outgoing' AND at_us >= $1 AND at_us <= $2
         ORDER BY at_us, id LIMIT $3",
    )
    .bind(from.as_microsecond())
    .bind(to.as_microsecond())
    .bind(limit)
    .fetch_all(&mut *connection)
    .await?;
    rows.iter().map(|row| parsed(row, "doc")).collect()
}

impl Loader<Conversation> for Shelves {
    fn load(&self, key: Arc<str>) -> BoxFuture<'_, Result<(Conversation, Seq), LoadError>> {
        async move { self.conversation(&key).await.map_err(unloadable) }.boxed()
    }
}

impl Shelves {
    async fn conversation(&self, key: &str) -> Result<(Conversation, Seq), sqlx::Error> {
        let mut now = self.database.moment().await?;
        let position = position(&mut now).await?;
        let mut room = Conversation {
            thread: thread(&mut now, key).await?.map(Box::new),
            ..Default::default()
        };
        let recent = i64::try_from(RECENT_MAX).unwrap_or(i64::MAX);
        for (condition, most) in [("m.state IN ('drafted', 'queued')", i64::MAX), ("1 = 1", recent)]
        {
            let rows = sqlx::query(sqlx::AssertSqlSafe(format!(
                "SELECT m.doc, e.state FROM messages m
                 LEFT JOIN errands e ON e.id = 'errand_' || substr(m.id, 5)
                 WHERE m.conversation_id = $1 AND {condition} ORDER BY m.at_us DESC, m.id DESC LIMIT $2"
            )))
            .bind(key.to_owned())
            .bind(most)
            .fetch_all(&mut *now)
            .await?;
            for row in &rows {
                let message: Message = parsed(row, "doc")?;
                let state: Option<String> = row.try_get("state")?;
                let begun = state.is_some_and(|state| state != "ready");
                room.messages.insert(message.id.clone(), Kept { message, begun });
            }
        }
        Ok((room, position))
    }
}
