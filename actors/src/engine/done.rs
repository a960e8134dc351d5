//! What was done for whoever is being answered: the position at which the last commit of a piece of work begins. It is carried
//! beside the work, in its task, so that no answer in between must name it; it decides nothing.

use std::cell::Cell;

use crate::engine::journal::Seq;
use crate::engine::shell::Answer;

tokio::task_local! {
    static LAST: Cell<Option<Seq>>;
}

/// Does the work, and tells besides at which position the last of what the rooms committed for it begins; none where they
/// committed nothing. What the work hands to other tasks is not seen.
pub async fn watched<W: Future>(work: W) -> (W::Output, Option<Seq>) {
    let all = async {
        let out = work.await;
        (out, LAST.with(Cell::get))
    };
    LAST.scope(Cell::new(None), all).await
}

/// Notes a room's answer. Outside of what is [`watched`] nobody wants to know.
pub(super) fn note(answer: &Answer) {
    let Some(first) = answer.iter().flatten().map(|entry| entry.seq).next() else { return };
    let _ = LAST.try_with(|last| last.set(Some(first)));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn work_that_commits_nothing_has_no_position() {
        note(&Ok(Vec::new()));
        assert_eq!(watched(async { 7 }).await, (7, None));
    }
}
