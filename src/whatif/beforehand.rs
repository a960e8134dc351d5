//! What the board would answer to an adoption, asked of a copy of it before anybody adopts: a material that is elsewhere, a time that
//! is held, whatever its rules forbid. Nothing is done by asking.

use actors::board::protocol::Reasons;
use actors::engine::component::Component;
use actors::engine::refusal::Language;

use crate::board::publishing::{Why, known, said};
use crate::board::several::{ChangeInput, command};
use crate::error::Problem;
use crate::house::House;

/// Why the board would not take these changes as it is now; none where it would.
///
/// # Errors
/// Faults only.
pub async fn refusal(house: &House, changes: &[ChangeInput]) -> Result<Option<Why>, Problem> {
    if changes.is_empty() {
        return Ok(None);
    }
    let command = match command(house, changes, &Reasons::default()).await {
        Ok(command) => command,
        Err(problem) if problem.status().is_client_error() => {
            let (fr, en) = (problem.detail_in(Language::Fr), problem.detail_in(Language::En));
            return Ok(Some(Why { code: problem.code(), fr, en }));
        }
        Err(problem) => return Err(problem),
    };
    let board = known(house).await?;
    Ok(board.decide(&command, house.clock.now()).err().map(|refusal| said(&refusal)))
}
