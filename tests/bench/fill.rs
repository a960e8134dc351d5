//! Makes a store of many customers and jobs through the journal, so that its rows are what a server would have
//! written. The last 500 jobs wait in the pool; all others were done, 400 a day, in the days before today.

use std::path::Path;

use actors::board::protocol::{BoardEvent, Reasons, Visit, VisitStatus};
use actors::customers::protocol::{CustomerEvent, Location};
use actors::engine::clock::Clock;
use actors::engine::journal::{Journal, Write};
use actors::engine::refusal::Language;
use actors::engine::relay::Cursor as _;
use actors::event::{Event, Room};
use actors::ids::{CustomerId, JobId, LocationId, TechnicianId, VisitId};
use actors::jobs::protocol::{Job, JobEvent, Priority};
use futures_util::stream::{self, TryStreamExt};
use jiff::{SignedDuration, Timestamp};
use tournee::config::{Database, Secret};
use tournee::journal::SqlJournal;
use tournee::journal::database::Opened;

use crate::{Failed, journal::register};

/// Commands under way at once.
const AT_ONCE: usize = 512;
/// Jobs that nobody has yet.
const POOL: u64 = 500;
/// Jobs that were done on one day.
const A_DAY: u64 = 400;

/// `folder/tournee.db`, which must not exist.
pub fn inside(folder: &Path) -> Result<Database, Failed> {
    let file = folder.join("tournee.db");
    if file.exists() {
        return Err(format!("{} exists", file.display()).into());
    }
    Ok(Database::Sqlite(file))
}

/// An empty database on a PostgreSQL server.
pub fn at(address: &str) -> Database {
    Database::Postgres(Secret::new(address.to_owned()))
}

/// Fills it.
pub fn run(database: Database, customers: u64, jobs: u64) -> Result<(), Failed> {
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    runtime.block_on(async {
        let database = Opened::open(&database).await?;
        let journal = SqlJournal::start(database, Clock::system()).await?;
        let registered = (0..customers).map(register);
        let placed = (0..customers).map(place);
        let now = Clock::system().now();
        let created = (0..jobs).map(|number| create(number, customers.max(1), jobs, now));
        let all = registered.chain(placed).chain(created);
        stream::iter(all.map(Ok::<Write, Failed>))
            .try_for_each_concurrent(AT_ONCE, |write| async {
                journal.commit(write).await?;
                Ok(())
            })
            .await?;
        // A history has had its reactions: what is measured later is the question, not a hundred thousand texts beside it.
        journal.save(journal.head_now()).await?;
        println!("{customers} customers, {jobs} jobs, head {}", journal.head_now());
        Ok(())
    })
}

fn customer_id(number: u64) -> CustomerId {
    CustomerId::from_text(&format!("cus_bench{number:010}"))
}

fn point(number: u64) -> (f64, f64) {
    let (north, east) = (number * 7919 % 5000, number * 104_729 % 9000);
    (45.0 + north as f64 / 10_000.0, -74.1 + east as f64 / 10_000.0)
}

fn place(number: u64) -> Write {
    let (lat, lon) = point(number);
    let location = Location {
        id: LocationId::from_text(&format!("loc_bench{number:010}")),
        external_id: None,
        customer_id: customer_id(number),
        address: format!("{number} rue Principale, Saint-Rémi"),
        lat,
        lon,
        notes: None,
    };
    let event = CustomerEvent::LocationAdded { after: Box::new(location) };
    write(Room::Customers, customer_id(number).key(), Event::Customers(event))
}

fn create(number: u64, customers: u64, jobs: u64, now: Timestamp) -> Write {
    let job = Box::new(job(number, number % customers));
    let key = job.id.key();
    let mut all = write(Room::Jobs, key, Event::Jobs(JobEvent::JobCreated { after: job.clone() }));
    let Some(ago) = jobs.saturating_sub(POOL).checked_sub(number + 1) else { return all };
    let days = i64::try_from(ago / A_DAY).unwrap_or(0) + 1;
    let slot = i64::try_from(ago % A_DAY).unwrap_or(0);
    let start = now - SignedDuration::from_hours(24 * days) + SignedDuration::from_hours(slot % 8);
    let visit = Visit {
        assistants: Vec::new(),
        materials: Vec::new(),
        id: VisitId::from_text(&format!("vis_bench{number:010}")),
        job_id: job.id.clone(),
        technician_id: TechnicianId::from_text(&format!("tech_bench{}", slot / 8)),
        start,
        end: start + SignedDuration::from_mins(45),
        status: VisitStatus::Planned,
        pinned: false,
        travel_min: 10,
        overrides: vec![],
        lat: job.lat,
        lon: job.lon,
        kind: job.kind.clone(),
        en_route_at: Some(start - SignedDuration::from_mins(10)),
        on_site_at: Some(start),
        finished_at: None,
    };
    let after = Visit {
        status: VisitStatus::Done,
        finished_at: Some(start + SignedDuration::from_mins(40)),
        ..visit.clone()
    };
    all.events.push(Event::Board(BoardEvent::VisitPlanned {
        job: job.clone(),
        visit: visit.clone(),
        technician_name: "Luce".into(),
        reasons: Reasons::default(),
        published: false,
    }));
    all.events.push(Event::Board(BoardEvent::VisitStatusChanged {
        job,
        before: visit,
        after,
        note: None,
    }));
    all
}

fn job(number: u64, owner: u64) -> Job {
    let (lat, lon) = point(owner);
    Job {
        id: JobId::from_text(&format!("job_bench{number:010}")),
        external_id: None,
        customer_id: customer_id(owner),
        location_id: LocationId::from_text(&format!("loc_bench{owner:010}")),
        title: "Panne d'internet".to_owned(),
        kind: Some("repair".to_owned()),
        duration_min: 45,
        crew_size: 1,
        priority: Priority::Normal,
        skills: vec![],
        arrival_window: None,
        recurrence: None,
        series: None,
        depends_on: Vec::new(),
        lag_min: 0,
        notes: None,
        customer_name: format!("Cliente {owner}"),
        customer_phone: None,
        customer_language: Language::Fr,
        address: format!("{owner} rue Principale, Saint-Rémi"),
        lat,
        lon,
    }
}

fn write(room: Room, key: std::sync::Arc<str>, event: Event) -> Write {
    Write {
        room,
        key,
        by: "bench".into(),
        cause: None,
        inbox: None,
        act: Default::default(),
        expects: vec![],
        events: vec![event],
        errands: vec![],
        alarms: vec![],
    }
}
