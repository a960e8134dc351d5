//! Taking back and doing again, from the question to the answer: find the act, see that nothing has touched its things
//! since, turn it round, ask the rooms.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use actors::board::holds::Hold;
use actors::engine::journal::{Act as Standing, CommitError, Inbox, Recorded, Seq};
use actors::engine::relay::Progress;
use actors::engine::shell::{AskError, Circumstances};
use jiff::Timestamp;
use serde_json::{Value, json};

use super::elsewhere;
use super::inverse::{self, Step};
use super::store::safe;
use super::store::{self, Act};
use super::turns::{self, Why};
use super::words::{Speaker, Words, words};
use crate::auth::names::name_of;
use crate::error::Problem;
use crate::house::House;
use crate::journal::acts::is_a_part;
use crate::refusals::{conflict, missing};

/// How long consequences of what was just done are waited for.
const PATIENCE: Duration = Duration::from_secs(3);
/// Links of the longest chain of consequences: a job, its visit, the decision to tell, the text.
const LINKS_MAX: usize = 4;

/// Acts that are looked through for the newest that can be taken back.
const LOOKED_AT: i64 = 50;

/// What is to be taken back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Which {
    /// The newest that the asker did.
    Newest,
    /// The asker's act that this position belongs to.
    At(Seq),
    /// Whoever's act bears this name.
    Labelled(String),
}

/// Takes an act back; answers what was taken back.
///
/// # Errors
/// 404 where there is nothing, 409 with who touched its things since.
pub async fn undo(
    house: &House,
    by: &Arc<str>,
    which: &Which,
    inbox: Option<Inbox>,
) -> Result<Value, Problem> {
    let act = wanted(house, by, which).await?;
    heard(house, act.last).await;
    let mut moment = house.moment().await?;
    if store::is_undone(&mut moment, act.first).await? {
        return Err(done_already());
    }
    let events = store::events(&mut moment, act.first, act.last).await?;
    let freed = inverse::freed(&events, &store::consequences(&mut moment, &act).await?);
    let things: Vec<String> =
        freed.iter().flat_map(|entry| entry.event.touches()).map(|id| id.to_string()).collect();
    let later = safe::touched_since(&mut moment, std::slice::from_ref(&act), &things).await?;
    drop(moment);
    if let Some(later) = later {
        return Err(touched(house, &later).await?);
    }
    turns::can_turn(&events).map_err(never)?;
    let steps = inverse::steps(house, &events, &freed).await?;
    let all: Vec<Recorded> = events.iter().chain(&freed).cloned().collect();
    let jobs = jobs_of(&all);
    let mut told = answer(house, &act, &events, "undone").await?;
    told["late"] = texts(house, act.at, "'sent', 'delivered', 'read', 'sandboxed'", &jobs).await?;
    let standing = Standing { undoes: Some(act.first), ..Standing::default() };
    let began = house.clock.now();
    let holds: Vec<Hold> = steps.iter().flat_map(Step::holds).cloned().collect();
    carry(house, by, steps, standing, inbox, &told).await?;
    // What was drafted is known once everything has followed.
    heard(house, house.head()).await;
    told["late"] = texts(house, began, "'drafted'", &jobs).await?;
    told["hold_lost"] = json!(lost(house, &holds).await?);
    Ok(told)
}

/// Does an act again that the asker took back: the one that is named, or the last.
///
/// # Errors
/// 404 where there is nothing, 409 with who touched its things since.
pub async fn redo(
    house: &House,
    by: &Arc<str>,
    which: Option<Seq>,
    inbox: Option<Inbox>,
) -> Result<Value, Problem> {
    let mut moment = house.moment().await?;
    let back = store::taken_back(&mut moment, by, LOOKED_AT).await?;
    let is_it = |act: &Act| which.is_none_or(|first| act.first == first);
    let act = back.into_iter().find(is_it).ok_or_else(nothing)?;
    drop(moment);
    heard(house, house.head()).await;
    let mut moment = house.moment().await?;
    let undoings = store::undoings(&mut moment, act.first).await?;
    let (mut events, mut followed) = (Vec::new(), Vec::new());
    for one in &undoings {
        events.extend(store::events(&mut moment, one.first, one.last).await?);
        followed.extend(store::consequences(&mut moment, one).await?);
    }
    // Only what a series dropped: an absence that is over again frees what it must by itself.
    let is_series = !elsewhere::dropped(&events).is_empty();
    let dropped = if is_series { inverse::freed(&events, &followed) } else { Vec::new() };
    let said = store::events(&mut moment, act.first, act.last).await?;
    let later = safe::touched_since(&mut moment, &undoings, &[]).await?;
    drop(moment);
    if let Some(later) = later {
        return Err(touched(house, &later).await?);
    }
    turns::can_turn(&events).map_err(never)?;
    let steps = inverse::steps(house, &events, &dropped).await?;
    let told = answer(house, &act, &said, "redone").await?;
    let standing = Standing { redoes: Some(act.first), ..Standing::default() };
    carry(house, by, steps, standing, inbox, &told).await?;
    Ok(told)
}

async fn wanted(house: &House, by: &str, which: &Which) -> Result<Act, Problem> {
    let mut moment = house.moment().await?;
    let found = match which {
        // What can never be taken back stands in nobody's way.
        Which::Newest => {
            let mut newest = None;
            for act in store::done(&mut moment, by, LOOKED_AT).await? {
                let events = store::events(&mut moment, act.first, act.last).await?;
                if turns::can_turn(&events).is_ok() {
                    newest = Some(act);
                    break;
                }
            }
            newest
        }
        Which::Labelled(label) => store::labelled(&mut moment, label).await?,
        Which::At(seq) => {
            // A position may be that of what the board followed with.
            let act = safe::root(&mut moment, *seq).await?;
            let mine = act.filter(|act| act.by == by);
            mine.filter(|act| act.undoes.is_none() && act.redoes.is_none())
        }
    };
    found.ok_or_else(nothing)
}

/// Waits until what follows from a position has happened: an undo right after an absence must find what it freed.
///
/// What follows has followers of its own (a visit's change decides a text, the text is written): each link of that chain
/// is committed before the one that called for it counts as done.
async fn heard(house: &House, mut last: Seq) {
    let settled = async {
        for _ in 0..LINKS_MAX {
            let mut relay = house.relay.clone();
            let done = |progress: &Progress| progress.heard >= last && progress.pending == 0;
            let _ = relay.wait_for(done).await;
            let head = house.head();
            if head <= last {
                break;
            }
            last = head;
        }
    };
    // Whatever is still pending then is somebody else's storm; the versions decide.
    let _ = tokio::time::timeout(PATIENCE, settled).await;
}

async fn carry(
    house: &House,
    by: &Arc<str>,
    steps: Vec<Step>,
    act: Standing,
    inbox: Option<Inbox>,
    answer: &Value,
) -> Result<(), Problem> {
    let keeps =
        |step: &Step| matches!(step, Step::Sla(actors::sla::protocol::Command::KeepPolicy { .. }));
    let catches_up = steps.iter().any(keeps);
    let last = steps.len().saturating_sub(1);
    for (at, step) in steps.into_iter().enumerate() {
        let mark = inbox.clone().filter(|_| at == last);
        let mark = mark.map(|mark| mark.answering(200, answer.to_string()));
        let why = Circumstances::by(by.clone()).with_inbox(mark).as_act(act.clone());
        let done = match step {
            Step::Board(former) => {
                let command = actors::board::protocol::Command::TakeBack(former);
                house.rooms.board(command, why).await
            }
            Step::Job(id, command) => house.rooms.job(&id, command, why).await,
            Step::Technician(id, command) => house.rooms.technician(&id, command, why).await,
            Step::Customer(id, command) => house.rooms.customer(&id, command, why).await,
            Step::Tags(command) => house.rooms.tags(command, why).await,
            Step::Sla(command) => house.rooms.sla(command, why).await,
            Step::Zones(command) => house.rooms.zones(command, why).await,
            Step::Materials(command) => house.rooms.materials(command, why).await,
            Step::Waiting(command) => house.rooms.board(*command, why).await,
            Step::Presets(command) => house.rooms.presets(command, why).await,
            Step::Templates(command) => house.rooms.templates(command, why).await,
            Step::Series(id, command) => house.rooms.series(&id, command, why).await,
            Step::Conversation(id, command) => house.rooms.conversation(&id, command, why).await,
        };
        done.map_err(refused)?;
    }
    if catches_up {
        crate::sla::catch_up::catch_up(house).await?;
    }
    Ok(())
}

/// A rule that forbids the way back is a conflict: the world is another one than before the act.
fn refused(error: AskError) -> Problem {
    match error {
        AskError::Refused(refusal) => {
            use actors::engine::refusal::Language::{En, Fr};
            no_way_back(&refusal.detail(Fr), &refusal.detail(En))
        }
        AskError::Commit(CommitError::InUse { rests, .. }) => {
            let (fr, en) = crate::refusals::rests_on(rests);
            no_way_back(fr, en)
        }
        other => other.into(),
    }
}

fn no_way_back(fr: &str, en: &str) -> Problem {
    conflict(
        "undo.no_way_back",
        &format!("Impossible d'annuler. {fr}"),
        &format!("This cannot be undone. {en}"),
    )
}

/// What can never be taken back says why; what was nothing is not there.
fn never(why: Option<Why>) -> Problem {
    why.map_or_else(nothing, |why| {
        let Words { fr, en } = why.words();
        conflict("undo.never", &fr, &en)
    })
}

/// Names of technicians by id.
pub async fn names(house: &House) -> Result<HashMap<String, String>, Problem> {
    let mut connection = house.read().await?;
    let all = crate::technicians::store::all(&mut connection).await?;
    Ok(all.into_iter().map(|one| (one.technician.id.to_string(), one.technician.name)).collect())
}

/// The words of events.
pub fn told(house: &House, names: &HashMap<String, String>, events: &[Recorded]) -> Words {
    Speaker { zone: &house.policy.zone, names, now: house.clock.now() }.act(events)
}

async fn answer(
    house: &House,
    act: &Act,
    events: &[Recorded],
    how: &str,
) -> Result<Value, Problem> {
    let names = names(house).await?;
    Ok(json!({
        "act": act.first, how: true, "what": told(house, &names, events), "at": act.at,
        "late": false, "job_ids": jobs_of(events),
    }))
}

/// The first of the slots that could not be held again, in words.
async fn lost(house: &House, holds: &[Hold]) -> Result<Option<Words>, Problem> {
    if holds.is_empty() {
        return Ok(None);
    }
    let held = crate::board::store::holds(&mut *house.moment().await?).await?;
    let is_lost = |one: &&Hold| held.iter().all(|known| known.id != one.id);
    let Some(hold) = holds.iter().find(is_lost) else { return Ok(None) };
    let names = names(house).await?;
    let who = names.get(hold.technician_id.as_str()).map_or("", String::as_str);
    let hour = |language| crate::texts::times::clock(hold.start, &house.policy.zone, language);
    let (fr, en) = (hour(crate::texts::Language::Fr), hour(crate::texts::Language::En));
    Ok(Some(words(
        format!(
            "La place gardée à {fr} pour {who} n'a pas pu l'être de nouveau : elle est prise, ou son délai est passé."
        ),
        format!(
            "The slot that was held at {en} for {who} could not be held again: it is taken, or its time ran out."
        ),
    )))
}

fn jobs_of(events: &[Recorded]) -> Vec<Arc<str>> {
    let mut jobs: Vec<Arc<str>> = events.iter().flat_map(|entry| entry.event.touches()).collect();
    jobs.retain(|id| id.starts_with("job_"));
    jobs.sort();
    jobs.dedup();
    jobs
}

/// Whether a text about one of these jobs, decided on since then, stands in one of these states.
async fn texts(
    house: &House,
    since: Timestamp,
    states: &'static str,
    jobs: &[Arc<str>],
) -> Result<Value, Problem> {
    let mut moment = house.moment().await?;
    let about = store::texts_since(&mut moment, since, states).await?;
    Ok(about.iter().any(|id| jobs.iter().any(|job| **job == **id)).into())
}

fn nothing() -> Problem {
    missing("undo.nothing", "Il n'y a rien à annuler.", "There is nothing to undo.")
}

fn done_already() -> Problem {
    conflict("undo.done_already", "C'est déjà annulé.", "This is undone already.")
}

/// Who did what stands in the way: a person's name, or that the board did it by itself.
async fn who(house: &House, by: &str) -> Words {
    match name_of(house, by).await {
        Some(name) => words(name.clone(), name),
        None if is_a_part(by) => words("le tableau lui-même", "the board itself"),
        // Whoever holds the token of the house, as the screens call it.
        None if by == "admin-token" => words("un programme branché", "a connected program"),
        None => words(by, by),
    }
}

/// Who touched it since, what and when.
pub async fn blocked(house: &House, later: &[Recorded]) -> Result<Value, Problem> {
    let Some(first) = later.first() else { return Ok(Value::Null) };
    let what = told(house, &names(house).await?, later);
    let who = who(house, &first.by).await;
    let by_name = name_of(house, &first.by).await;
    let by_name = by_name.as_deref().unwrap_or(&first.by);
    let (by, at) = (&first.by, first.at);
    Ok(json!({ "by": by, "by_name": by_name, "by_words": who, "at": at, "what": what }))
}

async fn touched(house: &House, later: &[Recorded]) -> Result<Problem, Problem> {
    let Some(first) = later.first() else { return Ok(nothing()) };
    let what = told(house, &names(house).await?, later);
    let who = who(house, &first.by).await;
    let hour = |language| crate::texts::times::clock(first.at, &house.policy.zone, language);
    let (fr, en) = (hour(crate::texts::Language::Fr), hour(crate::texts::Language::En));
    Ok(conflict(
        "undo.touched_since",
        &format!("Impossible d'annuler : {} a changé ceci depuis, à {fr}. {}", who.fr, what.fr),
        &format!("This cannot be undone: {} changed it since, at {en}. {}", who.en, what.en),
    )
    .with("changed_by", first.by.as_ref().into())
    .with("changed_at", first.at.to_string().into())
    .with("later", blocked(house, later).await?))
}

/// Whether an act stands in nobody's way; else who stands in its.
pub async fn in_the_way(house: &House, acts: &[Act]) -> Result<Option<Value>, Problem> {
    let mut moment = house.moment().await?;
    let later = safe::touched_since(&mut moment, acts, &[]).await?;
    drop(moment);
    match later {
        Some(later) => Ok(Some(blocked(house, &later).await?)),
        None => Ok(None),
    }
}

/// The events of an act.
pub async fn events_of(house: &House, act: &Act) -> Result<Vec<Recorded>, Problem> {
    let mut connection = house.read().await?;
    Ok(store::events(&mut connection, act.first, act.last).await?)
}
