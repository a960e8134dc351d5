//! `POST /dispatch/presence`: who looks at which job, or holds it in hand. A passing word to the boards that are open now: it is
//! written down nowhere, and who falls silent is forgotten by the boards themselves.

use std::sync::Arc;

use actix_web::{HttpResponse, web};
use actors::workers::hub::{Frame, Overloaded};
use serde::Deserialize;
use serde_json::json;
use utoipa::ToSchema;

use crate::auth::Caller;
use crate::error::{Body, Problem};
use crate::house::House;
use crate::live::Live;
use crate::live::topics::is_word;

/// Jobs that one person has in hand at once.
const JOBS_MAX: usize = 50;

/// What somebody does with the jobs that are named.
#[derive(Clone, Copy, Debug, Default, Deserialize, serde::Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Doing {
    /// Looks at them.
    #[default]
    Looks,
    /// Moves them about.
    Drags,
    /// Changes their data.
    Edits,
    /// Nothing any more: the board was closed.
    Leaves,
}

/// Who is at the board, and with what.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PresenceInput {
    /// The window it comes from: 1 to 64 letters, digits, dashes and underscores, made up by the window.
    pub window: String,
    /// The jobs, at most 50; none for somebody who only is there.
    #[serde(default)]
    pub job_ids: Vec<String>,
    /// What is done with them.
    #[serde(default)]
    pub doing: Doing,
}

/// POST /dispatch/presence
///
/// # Errors
/// 422 for bad words, 503 when there is too much to tell.
pub async fn presence(
    caller: Caller,
    house: web::Data<House>,
    live: web::Data<Live>,
    body: Body<PresenceInput>,
) -> Result<HttpResponse, Problem> {
    let input = body.0;
    if !is_word(&input.window, b"_-") {
        let words = "1 to 64 letters, digits, dashes and underscores.";
        return Err(Problem::invalid("/window", words));
    }
    if input.job_ids.len() > JOBS_MAX {
        return Err(Problem::invalid("/job_ids", format!("At most {JOBS_MAX} jobs.")));
    }
    if let Some(at) = input.job_ids.iter().position(|id| !is_word(id, b"_-")) {
        return Err(Problem::invalid(format!("/job_ids/{at}"), "This is no job's id."));
    }
    let name =
        house.keys.user(&caller.name).map_or_else(|| caller.name.to_string(), |who| who.name);
    let data = json!({
        "window": input.window, "name": name, "account": *caller.name,
        "job_ids": input.job_ids, "doing": input.doing,
    });
    let topics: [Arc<str>; 1] = [Arc::from("dispatch")];
    let key: Arc<str> = format!("presence:{}", input.window).into();
    let frame = Frame::transient((live.now)(), "presence", topics, Some(key), &data)
        .map_err(|_| Problem::internal())?;
    // A board that is too busy to say who looks at it has more pressing news.
    live.hub.publish(frame).map_err(|Overloaded| Problem::overloaded())?;
    Ok(HttpResponse::NoContent().finish())
}
