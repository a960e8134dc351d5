//! What was done for whoever is being answered: the position at which the last commit of a piece of work begins. It is carried
//! beside the work, in its task, so that no answer in between must name it; it decides nothing.

use std::cell::Cell;

use crate::engine::journal::{Recorded, Seq};
use crate::engine::shell::Answer;

/// The last commit so far, and which commits count.
struct Watch {
    last: Cell<Option<Seq>>,
    counts: fn(&Recorded) -> bool,
}

tokio::task_local! {
    static WATCH: Watch;
}

/// Does the work, and tells besides at which position the last of what the rooms committed for it begins; none where they
/// committed nothing that `counts`. What the work hands to other tasks is not seen.
pub async fn watched<W: Future>(
    counts: fn(&Recorded) -> bool,
    work: W,
) -> (W::Output, Option<Seq>) {
    let all = async {
        let out = work.await;
        (out, WATCH.with(|watch| watch.last.get()))
    };
    WATCH.scope(Watch { last: Cell::new(None), counts }, all).await
}

/// Notes a room's answer. Outside of what is [`watched`] nobody wants to know.
pub(super) fn note(answer: &Answer) {
    let Some(first) = answer.iter().flatten().next() else { return };
    let _ = WATCH.try_with(|watch| {
        if (watch.counts)(first) {
            watch.last.set(Some(first.seq));
        }
    });
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::auth::protocol::AuthEvent;
    use crate::event::Event;

    fn answer(seq: Seq, by: &str) -> Answer {
        let event = Event::Auth(AuthEvent::LinkRevoked { link: "link".into() });
        let (key, at) = ("auth".into(), jiff::Timestamp::UNIX_EPOCH);
        Ok(vec![Arc::new(Recorded { seq, at, key, by: by.into(), cause: None, event })])
    }

    #[tokio::test]
    async fn work_that_commits_nothing_has_no_position() {
        let work = async {
            note(&Ok(Vec::new()));
            7
        };
        assert_eq!(watched(|_| true, work).await, (7, None));
    }

    #[tokio::test]
    async fn the_last_commit_that_counts_is_the_one() {
        let work = async {
            note(&answer(3, "bea"));
            note(&answer(5, "bea"));
            note(&answer(8, "house"));
        };
        assert_eq!(watched(|entry| &*entry.by != "house", work).await.1, Some(5));
    }
}
