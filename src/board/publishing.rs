//! Publishing drafts, judged entry by entry before anything happens: what no longer stands as it was when it was drafted,
//! what a rule forbids now, whom nobody can tell. The board alone makes it real, in one commit.

use std::collections::{BTreeMap, HashMap, VecDeque};

use actors::board::Board;
use actors::board::bundles::refusal::BundleRefusal;
use actors::board::protocol::{
    BoardRefusal, Command, DraftEntry, Placement, Publication, Visit, VisitStatus,
};
use actors::engine::component::Component;
use actors::engine::refusal::{Language, Refused};
use actors::engine::shell::Circumstances;
use actors::ids::{JobId, MessageId, TechnicianId};
use actors::jobs::protocol::JobStatus;
use actors::notifications::protocol::Promise;
use actors::technicians::protocol::Span;
use jiff::{SignedDuration, Timestamp};
use serde::Serialize;
use utoipa::ToSchema;

use crate::board::crew::materials;
use crate::board::driven::{DayResult, days};
use crate::board::plan::{JobsWanted, Snapshot};
use crate::error::Problem;
use crate::house::House;
use crate::jobs::store::Standing;
use crate::notifications::foretell::{Foretold, TextShape, Then, foretell};

/// Why an entry cannot be published, or what should be known of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Why {
    /// Stable: `stale`, `no_phone`, `no_consent`, or the board's own code.
    pub code: &'static str,
    /// In French.
    pub fr: String,
    /// In English.
    pub en: String,
}

/// Where a visit stands, or would.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Stand {
    /// Whose.
    pub technician_id: String,
    /// Their name.
    pub technician_name: String,
    /// Planned arrival.
    #[schema(value_type = String)]
    pub start: Timestamp,
    /// Planned end.
    #[schema(value_type = String)]
    pub end: Timestamp,
}

/// One entry, judged.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct EntryResult {
    /// Which job.
    pub job_id: JobId,
    /// In which draft.
    pub draft: String,
    /// Who put it there.
    pub by: String,
    /// `placed`, `moved` or `removed`.
    pub change: &'static str,
    /// The job's title.
    pub title: String,
    /// The customer's name.
    pub customer_name: String,
    /// Where it stands now.
    pub before: Option<Stand>,
    /// Where it would stand.
    pub after: Option<Stand>,
    /// The told window that would break.
    pub breaks: Option<Promise>,
    /// The text to the customer, as it would leave.
    pub text: Option<TextShape>,
    /// Why it cannot be published.
    pub refusals: Vec<Why>,
    /// What should be known: somebody who cannot be told.
    pub warnings: Vec<Why>,
}

/// All entries, judged against the day as it is.
pub struct Judged {
    /// By entry.
    pub results: Vec<EntryResult>,
    /// By technician.
    pub days: Vec<DayResult>,
    /// What can be made real: entries by their place in `results`.
    pub good: Vec<usize>,
    entries: Vec<Prepared>,
    snapshot: Snapshot,
    range: Span,
}

struct Prepared {
    placement: Option<Placement>,
    job: Standing,
    entry: DraftEntry,
}

/// How a publish is judged.
#[derive(Clone, Copy, Debug, Default)]
pub struct Rules {
    /// Whoever cannot be told stands in the way.
    pub strict: bool,
    /// Texts and promises are wanted too.
    pub telling: bool,
}

/// Judges entries of a day.
///
/// # Errors
/// When the rows cannot be read.
pub async fn judge(
    house: &House,
    entries: Vec<DraftEntry>,
    range: Span,
    rules: Rules,
) -> Result<Judged, Problem> {
    let ids: Vec<String> = entries.iter().map(|entry| entry.visit.job_id.to_string()).collect();
    let long = Span { start: range.start - SignedDuration::from_hours(1), end: range.end };
    let mut snapshot = Snapshot::take(house, long, None, JobsWanted::Ids(&ids)).await?;
    snapshot.materials = materials(&mut house.moment().await?, &snapshot.jobs, &entries).await?;
    let jobs: HashMap<&str, &Standing> =
        snapshot.jobs.iter().map(|job| (job.job.id.as_str(), job)).collect();
    let mut prepared = Vec::with_capacity(entries.len());
    for entry in entries {
        let Some(job) = jobs.get(entry.visit.job_id.as_str()) else { continue };
        let placement = placement(house, &snapshot, job, &entry);
        prepared.push(Prepared { placement, job: (*job).clone(), entry });
    }
    let board = known(house).await?;
    let mut results: Vec<EntryResult> = prepared.iter().map(|one| result(&snapshot, one)).collect();
    for (one, result) in prepared.iter().zip(&mut results) {
        result.refusals.extend(moved_on(one));
    }
    let now = house.clock.now();
    let good = admitted(&board, &prepared, &mut results, range, now);
    if rules.telling || rules.strict {
        for (one, result) in prepared.iter().zip(&mut results) {
            tell(house, &snapshot, one, result).await?;
            if rules.strict {
                result.refusals.append(&mut result.warnings);
            }
        }
    }
    let good = unbroken(&board, &prepared, &mut results, good);
    let concerned: Vec<&DraftEntry> = prepared.iter().map(|one| &one.entry).collect();
    let days = days(house, &snapshot, &concerned, range);
    Ok(Judged { results, days, good, entries: prepared, snapshot, range })
}

impl Judged {
    /// What the board is to be asked: the good ones, with one text for everybody concerned.
    pub fn command(&self, house: &House) -> Command {
        let (mut placements, mut removals) = (Vec::new(), Vec::new());
        let mut people = BTreeMap::new();
        for at in &self.good {
            let one = &self.entries[*at];
            for visit in one.entry.before.iter().chain([&one.entry.visit]) {
                for id in visit.people().map(TechnicianId::as_str) {
                    let Some((known, _)) = self.snapshot.technician(id) else { continue };
                    people.insert(id.to_owned(), known.technician.clone());
                }
            }
            match &one.placement {
                Some(placement) => placements.push(placement.clone()),
                None => removals.push((Box::new(one.job.job.clone()), one.job.version)),
            }
        }
        let now = house.clock.now();
        let people =
            people.into_values().map(|who| (who, MessageId::new(now, house.entropy()))).collect();
        Command::Publish(Box::new(Publication { placements, removals, people, day: self.range }))
    }
}

/// A copy of what the board knows: the same rules decide beforehand as decide at the end.
///
/// # Errors
/// Where the board cannot be asked.
pub(crate) async fn known(house: &House) -> Result<Board, Problem> {
    for _ in 0..3 {
        if let Some(board) = house.rooms.board.show(actors::board::KEY).await {
            return Ok(board);
        }
        // It sleeps: whatever it is asked wakes it.
        let nothing = Command::DropDrafts { jobs: Vec::new() };
        house.rooms.board(nothing, Circumstances::by("house")).await?;
    }
    Err(Problem::overloaded())
}

fn placement(
    house: &House,
    snapshot: &Snapshot,
    job: &Standing,
    entry: &DraftEntry,
) -> Option<Placement> {
    if entry.removes {
        return None;
    }
    let visit = &entry.visit;
    let mut placement = snapshot.placement(
        house,
        job,
        visit.technician_id.as_str(),
        visit.start,
        visit.travel_min,
        entry.reasons.clone(),
    )?;
    placement.visit_id = visit.id.clone();
    placement.pinned = visit.pinned;
    placement.overrides.clone_from(&visit.overrides);
    placement.crew = snapshot.crew(house, visit.technician_id.as_str(), Some(visit));
    Some(placement)
}

fn stand(snapshot: &Snapshot, visit: &Visit) -> Stand {
    let known = snapshot.technician(visit.technician_id.as_str());
    Stand {
        technician_id: visit.technician_id.to_string(),
        technician_name: known.map_or_else(String::new, |(known, _)| known.technician.name.clone()),
        start: visit.start,
        end: visit.end,
    }
}

fn present(one: &Prepared) -> Option<&Visit> {
    let open = |visit: &&Visit| visit.status.is_open();
    one.job.visit.as_ref().filter(open).filter(|_| one.job.status != JobStatus::Unassigned)
}

fn result(snapshot: &Snapshot, one: &Prepared) -> EntryResult {
    let before = present(one);
    EntryResult {
        job_id: one.job.job.id.clone(),
        draft: one.entry.draft.to_string(),
        by: one.entry.by.to_string(),
        change: match (one.entry.removes, before) {
            (true, _) => "removed",
            (false, Some(_)) => "moved",
            (false, None) => "placed",
        },
        title: one.job.job.title.clone(),
        customer_name: one.job.job.customer_name.clone(),
        before: before.map(|visit| stand(snapshot, visit)),
        after: (!one.entry.removes).then(|| stand(snapshot, &one.entry.visit)),
        breaks: None,
        text: None,
        refusals: Vec::new(),
        warnings: Vec::new(),
    }
}

/// The job stands otherwise than when it was drafted, or is over.
fn moved_on(one: &Prepared) -> Option<Why> {
    use JobStatus::{Cancelled, Done, NoAccess};
    if matches!(one.job.status, Done | Cancelled | NoAccess) {
        return Some(Why {
            code: "over",
            fr: "L'intervention est terminée ou annulée.".to_owned(),
            en: "The job is done or cancelled.".to_owned(),
        });
    }
    let place = |visit: &Visit| (visit.technician_id.clone(), visit.start);
    let (now, then) = (present(one), one.entry.before.as_ref());
    let begun = now.is_some_and(|visit| visit.status != VisitStatus::Planned);
    (begun || now.map(place) != then.map(place)).then(|| Why {
        code: "stale",
        fr: "La visite n'est plus où elle était quand cette ébauche a été faite.".to_owned(),
        en: "The visit is no longer where it was when this was drafted.".to_owned(),
    })
}

fn publication(prepared: &[Prepared], of: &[usize], day: Span) -> Command {
    let (mut placements, mut removals) = (Vec::new(), Vec::new());
    for at in of {
        let one = &prepared[*at];
        match &one.placement {
            Some(placement) => placements.push(placement.clone()),
            None => removals.push((Box::new(one.job.job.clone()), one.job.version)),
        }
    }
    Command::Publish(Box::new(Publication { placements, removals, people: Vec::new(), day }))
}

/// Which entries the board would take together, in their order; the others are told why not.
fn admitted(
    board: &Board,
    prepared: &[Prepared],
    results: &mut [EntryResult],
    day: Span,
    now: Timestamp,
) -> Vec<usize> {
    let whole = |one: &Prepared| one.entry.removes || one.placement.is_some();
    let fit: Vec<usize> = (0..prepared.len())
        .filter(|at| results[*at].refusals.is_empty() && whole(&prepared[*at]))
        .collect();
    let asked = |of: &[usize]| board.decide(&publication(prepared, of, day), now).map(|_| ());
    if fit.is_empty() || asked(&fit).is_ok() {
        return fit;
    }
    let mut taken: Vec<usize> = Vec::new();
    let mut fit: VecDeque<usize> = fit.into();
    while let Some(at) = fit.pop_front() {
        // A stop is let in whole, or not at all.
        let (mates, others): (Vec<usize>, Vec<usize>) =
            fit.iter().copied().partition(|other| are_one_stop(board, prepared, at, *other));
        fit = others.into();
        let before = taken.len();
        taken.push(at);
        taken.extend(mates);
        if let Err(refusal) = asked(&taken) {
            for at in taken.drain(before..) {
                results[at].refusals.push(said(&refusal));
            }
        }
    }
    taken
}

fn are_one_stop(board: &Board, prepared: &[Prepared], one: usize, other: usize) -> bool {
    let of = |at: usize| board.bundle_of(&prepared[at].job.job.id).map(|bundle| &bundle.id);
    of(one).is_some_and(|id| of(other) == Some(id))
}

/// The entries that nothing stands in the way of. Where one visit of a stop is refused, the others are as well.
fn unbroken(
    board: &Board,
    prepared: &[Prepared],
    results: &mut [EntryResult],
    good: Vec<usize>,
) -> Vec<usize> {
    let refused: Vec<usize> =
        (0..prepared.len()).filter(|at| !results[*at].refusals.is_empty()).collect();
    let mut left = Vec::with_capacity(good.len());
    for at in good {
        if !results[at].refusals.is_empty() {
            continue;
        }
        if refused.iter().any(|other| are_one_stop(board, prepared, at, *other)) {
            results[at].refusals.push(said(&BundleRefusal::Split.into()));
        } else {
            left.push(at);
        }
    }
    left
}

/// A refusal as it is shown beforehand.
pub(crate) fn said(refusal: &BoardRefusal) -> Why {
    Why { code: refusal.code(), fr: refusal.detail(Language::Fr), en: refusal.detail(Language::En) }
}

async fn tell(
    house: &House,
    snapshot: &Snapshot,
    one: &Prepared,
    result: &mut EntryResult,
) -> Result<(), Problem> {
    let who = snapshot.technician(one.entry.visit.technician_id.as_str());
    let then = match (one.entry.removes, who) {
        (false, Some((known, _))) => Then::Planned(&one.entry.visit, &known.technician),
        _ => Then::Removed,
    };
    let Foretold { customer, breaks, no_phone, no_consent } =
        foretell(house, &one.job.job.id, then).await?;
    (result.text, result.breaks) = (customer, breaks);
    if no_phone {
        result.warnings.push(Why {
            code: "no_phone",
            fr: "Le client n'a pas de numéro : il faut l'appeler ou lui écrire.".to_owned(),
            en: "The customer has no number: call, or write.".to_owned(),
        });
    } else if no_consent {
        result.warnings.push(Why {
            code: "no_consent",
            fr: "Le client a répondu ARRET : aucun texto ne partira.".to_owned(),
            en: "The customer answered STOP: no text will go.".to_owned(),
        });
    }
    Ok(())
}
