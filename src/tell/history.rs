//! The journal as returning watchers see it: the same frames that were told, read again. Never tells anything itself.

use std::sync::Arc;

use actors::engine::journal::{CommitError, EPOCH, Journal, Since};
use actors::workers::hub::{History, HistoryFault, Replay};
use futures_util::FutureExt;
use futures_util::future::BoxFuture;

use crate::journal::{REPLAY_MAX, SqlJournal};
use crate::tell::Teller;

/// The journal as returning watchers see it.
pub struct JournalHistory {
    /// What was written down.
    pub journal: SqlJournal,
    /// How it is told.
    pub teller: Teller,
}

impl History for JournalHistory {
    fn head(&self) -> i64 {
        self.journal.head_now()
    }

    fn since(&self, seq: i64, limit: usize) -> BoxFuture<'static, Result<Replay, HistoryFault>> {
        let (journal, teller) = (self.journal.clone(), self.teller.clone());
        async move {
            let head = journal.head_now();
            if seq / EPOCH != head / EPOCH || head - seq > REPLAY_MAX {
                return Ok(Replay::Gone);
            }
            let mut frames = Vec::new();
            let mut at = seq;
            // Fewer frames than the limit mean the end: read on past what is not told.
            while frames.len() < limit {
                let entries = match journal.since(at, limit).await {
                    Ok(Since::Events(entries)) => entries,
                    Ok(Since::Gone) => return Ok(Replay::Gone),
                    Err(CommitError::Fault(why) | CommitError::Overloaded(why)) => {
                        return Err(HistoryFault(why.to_string()));
                    }
                    Err(other) => return Err(HistoryFault(other.to_string())),
                };
                let Some(last) = entries.last() else { break };
                at = last.seq;
                for entry in &entries {
                    if frames.len() == limit {
                        break;
                    }
                    frames.extend(teller.frame(entry).map(Arc::new));
                }
            }
            Ok(Replay::Frames(frames))
        }
        .boxed()
    }
}
