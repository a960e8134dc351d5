//! Where one job could go: the one answer that the board, the API and a dispatcher's text rest on, computed by the
//! arithmetic on a snapshot. It decides nothing and keeps nothing.

use actors::board::protocol::{Reasons, Visit};
use actors::jobs::protocol::Job;
use actors::technicians::protocol::Span;
use jiff::Timestamp;
use scheduler::rank::Search;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::board::crew::SLOTS_MAX;
use crate::board::http::imagined::{ImaginedJob, imagined};
use crate::board::plan::{JobsWanted, Snapshot, day_of, reasons, times, words};
use crate::board::risk::{said, spare_min};
use crate::board::seen::Seen;
use crate::calendars::outside;
use crate::error::Problem;
use crate::house::House;

/// Where could a job go?
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SuggestInput {
    /// A job there is.
    #[serde(default)]
    pub job_id: Option<String>,
    /// Or one there might be.
    #[serde(default)]
    pub job: Option<ImaginedJob>,
    /// Earliest start; now where left out.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    pub from: Option<Timestamp>,
    /// Latest start; the end of the day of `from` where left out.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    pub to: Option<Timestamp>,
    /// How many slots at most.
    #[serde(default)]
    pub limit: Option<usize>,
}

/// One place for it.
#[derive(Clone, Debug, Serialize)]
pub struct SlotShape {
    /// Who.
    pub technician_id: String,
    /// Arrival.
    pub start: Timestamp,
    /// End.
    pub end: Timestamp,
    /// Minutes of driving that it adds.
    pub added_travel_min: i64,
    /// Levels above what is asked.
    pub overqualification: i64,
    /// Minutes until what follows would be late; none where nothing follows.
    pub spare_min: Option<i64>,
    /// Why, with numbers.
    pub reasons: Reasons,
}

/// Somebody who cannot.
#[derive(Clone, Debug, Serialize)]
pub struct CannotShape {
    /// Who.
    pub technician_id: String,
    /// Why not, and the least that would let them.
    pub reasons: Reasons,
}

/// Everybody is answered for.
#[derive(Clone, Debug)]
pub struct Suggestion {
    /// The best first.
    pub slots: Vec<SlotShape>,
    /// Who cannot, and why.
    pub not_possible: Vec<CannotShape>,
}

/// What a job that is there, or one that is imagined, asks for, and where others of its order leave it room.
struct Asked {
    job: Job,
    bounds: Result<(Option<Timestamp>, Option<Timestamp>), String>,
    along: Option<Visit>,
}

async fn asked(house: &House, seen: &Seen, input: &SuggestInput) -> Result<Asked, Problem> {
    match (&input.job_id, &input.job) {
        (Some(id), None) => {
            let mut moment = seen.moment(house).await?;
            let language = house.policy.language;
            let held =
                crate::jobs::store::one(&mut moment, language, id).await?.ok_or_else(|| {
                    Problem::not_found("job").pointer("/job_id", "There is no such job.")
                })?;
            let bounds = crate::board::order::bounds(house, &mut moment, &held).await?;
            let along = held.visit.filter(|visit| visit.status.is_open() && visit.is_crewed());
            Ok(Asked { job: held.job, bounds, along })
        }
        (None, Some(job)) => {
            let job = imagined(house, job, "/job").await?;
            Ok(Asked { job, bounds: Ok((None, None)), along: None })
        }
        _ => Err(Problem::invalid("/job_id", "Give either job_id or job.")),
    }
}

/// The span that is asked about.
fn span(house: &House, input: &SuggestInput, now: Timestamp) -> Result<Span, Problem> {
    let start = input.from.unwrap_or(now);
    let day = day_of(house, start.to_zoned(house.policy.zone.clone()).date())?;
    let end = input.to.unwrap_or(day.end);
    if end <= start {
        if input.to.is_some_and(|to| to <= now) {
            let (fr, en) = ("La plage demandée est passée.", "The window asked for is over.");
            return Err(crate::refusals::invalid("board.window_over", fr, en).pointer("/to", en));
        }
        return Err(Problem::invalid("/to", "The end must be after the start."));
    }
    Ok(Span { start, end })
}

/// Where the job of `input` could go.
///
/// # Errors
/// 404, 422 naming the field.
pub async fn suggested(house: &House, input: &SuggestInput) -> Result<Suggestion, Problem> {
    suggested_then(house, &Seen::now(house), input).await
}

/// The same, from where `seen` stands.
///
/// # Errors
/// 404, 422 naming the field.
pub async fn suggested_then(
    house: &House,
    seen: &Seen,
    input: &SuggestInput,
) -> Result<Suggestion, Problem> {
    let asked = asked(house, seen, input).await?;
    let now = seen.now;
    let whole = span(house, input, now)?;
    let limit = input.limit.unwrap_or(5);
    if !(1..=SLOTS_MAX).contains(&limit) {
        return Err(Problem::invalid("/limit", "1 to 200 slots."));
    }
    let from = whole.start;
    let snapshot = Snapshot::seen(house, seen, whole, None, JobsWanted::Ids(&[])).await?;
    let wanted = snapshot.wanted(&asked.job);
    let range = match within(whole, &asked.bounds) {
        Ok(range) => range,
        Err(why) => return Ok(nowhere(&snapshot, &why)),
    };
    let search =
        Search { range: actors::board::snapshot::span(&range), now_s: now.as_second(), limit };
    let found = snapshot.slots(&wanted, asked.along.as_ref(), search);
    let words = words(house, from);
    let mut slots = Vec::with_capacity(found.offers.len());
    for offer in &found.offers {
        let Some((known, who)) = snapshot.technician(&offer.technician_id) else { continue };
        let (start, end) = times(&offer.slot)?;
        let spare = spare_min(&snapshot.knowledge, who, &wanted.id, wanted.point, &offer.slot);
        let why = reasons(words.chosen(&wanted, who, offer.slot, &[]));
        let why = outside::told(house, &known.technician, &Span { start, end }, why);
        slots.push(SlotShape {
            technician_id: offer.technician_id.to_string(),
            start,
            end,
            added_travel_min: offer.slot.added_travel_min,
            overqualification: offer.slot.overqualification.into(),
            spare_min: spare,
            reasons: said(why, spare),
        });
    }
    let not_possible = found.not_possible.iter().map(|other| CannotShape {
        technician_id: other.technician_id.to_string(),
        reasons: reasons(words.obstacles(&other.obstacles)),
    });
    Ok(Suggestion { slots, not_possible: not_possible.collect() })
}

/// The part of a span in which a job may begin, by what it waits for and what waits for it; or why there is none.
fn within(
    span: Span,
    bounds: &Result<(Option<Timestamp>, Option<Timestamp>), String>,
) -> Result<Span, Reasons> {
    let (earliest, latest) = match bounds {
        Ok(bounds) => *bounds,
        Err(needed) => {
            return Err(Reasons {
                fr: vec![format!(
                    "Cette intervention attend « {needed} », qui n'est pas encore planifiée."
                )],
                en: vec![format!("This job waits for \"{needed}\", which is not planned yet.")],
            });
        }
    };
    let start = earliest.map_or(span.start, |at| span.start.max(at));
    let end = latest.map_or(span.end, |at| span.end.min(at));
    if end <= start {
        return Err(Reasons {
            fr: vec![
                "Dans cet intervalle, l'ordre des interventions ne laisse aucune place.".into(),
            ],
            en: vec!["Within this span the order of the jobs leaves no room.".into()],
        });
    }
    Ok(Span { start, end })
}

fn nowhere(snapshot: &Snapshot, why: &Reasons) -> Suggestion {
    let not_possible = snapshot.technicians.iter().map(|known| CannotShape {
        technician_id: known.technician.id.to_string(),
        reasons: why.clone(),
    });
    Suggestion { slots: Vec::new(), not_possible: not_possible.collect() }
}
