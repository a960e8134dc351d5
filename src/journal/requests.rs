//! Requests that may be repeated: what was answered the first time.

use actors::engine::journal::{CommitError, Inbox};
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
            Ok(KnownRequest {
                sha256: row.try_get(0)?,
                status: row.try_get(1)?,
                body: row.try_get(2)?,
            })
        })
        .transpose()
        .map_err(fault)
    }

    /// Keeps what was answered.
    ///
    /// # Errors
    /// Overload and faults.
    pub async fn remember_answer(
        &self,
        inbox: &Inbox,
        status: i64,
        body: String,
    ) -> Result<(), CommitError> {
        let mark = mark_of_inbox(&inbox.source, &inbox.key);
        self.side(Box::new(move |connection, _| {
            Box::pin(async move {
                sqlx::query("UPDATE inbox SET status = $2, body = $3 WHERE mark = $1")
                    .bind(mark)
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
