//! `POST /optimize`: VROOM's JSON in, VROOM's JSON out. Stateless: nothing is read from the rooms but travel times, and
//! nothing is kept. The search runs beside the actors' threads, few at a time, and ends when its caller has gone.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

use actix_web::http::StatusCode;
use actix_web::http::header::RETRY_AFTER;
use actix_web::web::{Bytes, Data};
use actix_web::{HttpResponse, error};
use scheduler::formats::vroom::input::Options;
use scheduler::formats::vroom::{Code, ComputingTimes, Instance, VroomError, read, tasks_of};
use scheduler::matrix::Matrices;
use scheduler::optimise::{Run, solve};
use scheduler::stop::Budget;
use serde_json::{Value, json};
use tokio::sync::Semaphore;

use crate::house::House;

/// Largest body: a matrix of 2,000 places in digits.
pub const BODY_MAX: usize = 32 * 1024 * 1024;

/// Tasks and vehicles of one request: what one search holds in memory is bounded with them.
const MOST_TASKS: usize = 3_000;
const MOST_VEHICLES: usize = 1_000;

/// Drives that one request's search may hold in memory, eight bytes each.
const MOST_DRIVES: usize = 40_000_000;

/// Searches at once: the processors are the process's, so this is not a matter of one house.
static SEARCHES: Semaphore = Semaphore::const_new(2);

/// Seconds of searching by VROOM's exploration level, where no limit is given.
const BY_LEVEL_S: [f64; 6] = [0.2, 0.4, 0.8, 1.2, 2.0, 3.0];

/// Nobody searches longer.
const MOST_S: f64 = 60.0;

/// Threads of one search at most.
const MOST_THREADS: usize = 4;

/// How long a caller who found everything busy should wait, in seconds.
const BUSY_S: u32 = 2;

/// Turns true when nobody waits for the answer any more.
struct Waiting(Arc<AtomicBool>);

impl Drop for Waiting {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// POST /optimize
pub async fn optimize(house: Data<House>, body: Result<Bytes, error::Error>) -> HttpResponse {
    let body = match body {
        Ok(body) => body,
        Err(unread) => {
            let status = unread.as_response_error().status_code();
            let said = match status {
                StatusCode::PAYLOAD_TOO_LARGE => "The body is larger than 32 MiB.",
                _ => "The body could not be read.",
            };
            let status = match status {
                StatusCode::PAYLOAD_TOO_LARGE => status,
                _ => StatusCode::BAD_REQUEST,
            };
            return refused(status, Code::Input, said);
        }
    };
    let Ok(permit) = SEARCHES.try_acquire() else {
        return busy();
    };
    let waiting = Waiting(Arc::default());
    let gone = Arc::clone(&waiting.0);
    let knowledge = house.knowledge.clone();
    let work = tokio::task::spawn_blocking(move || {
        let _permit = permit;
        answer(&body, &knowledge, &gone)
    });
    let done = work.await;
    drop(waiting);
    match done {
        Ok(Ok(answer)) => HttpResponse::Ok().content_type("application/json").body(answer),
        Ok(Err(error)) => {
            let status = match error.code {
                Code::Input => StatusCode::BAD_REQUEST,
                Code::Internal | Code::Routing => StatusCode::INTERNAL_SERVER_ERROR,
            };
            if error.code == Code::Internal {
                tracing::error!(error = %error, "a plan for /optimize does not hold");
            }
            HttpResponse::build(status).content_type("application/json").body(error.json())
        }
        Err(failed) => {
            tracing::error!(%failed, "a search for /optimize broke off");
            refused(StatusCode::INTERNAL_SERVER_ERROR, Code::Internal, "The search broke off.")
        }
    }
}

fn refused(status: StatusCode, code: Code, said: &str) -> HttpResponse {
    let error = VroomError { code, error: said.to_owned() };
    HttpResponse::build(status).content_type("application/json").body(error.json())
}

fn busy() -> HttpResponse {
    let error = VroomError {
        code: Code::Internal,
        error: "Too many searches at once; ask again in a moment.".to_owned(),
    };
    HttpResponse::ServiceUnavailable()
        .insert_header((RETRY_AFTER, BUSY_S))
        .content_type("application/json")
        .body(error.json())
}

fn too_large() -> VroomError {
    let error = format!(
        "More than can be planned over HTTP: {MOST_TASKS} tasks, {MOST_VEHICLES} vehicles, and few different speeds \
         and costs; `tournee solve` takes more."
    );
    VroomError { code: Code::Input, error }
}

/// Seconds that a search may take.
fn seconds(options: &Options) -> f64 {
    let level = usize::from(options.x.unwrap_or(5)).min(BY_LEVEL_S.len() - 1);
    options.l.unwrap_or(BY_LEVEL_S[level]).clamp(0.05, MOST_S)
}

fn answer(body: &[u8], matrices: &dyn Matrices, gone: &AtomicBool) -> Result<String, VroomError> {
    let begun = Instant::now();
    let elapsed = || u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX);
    let input = read(body)?;
    if tasks_of(&input) > MOST_TASKS || input.vehicles.0.len() > MOST_VEHICLES {
        return Err(too_large());
    }
    let loading = elapsed();
    let instance = Instance::new(input, matrices)?;
    if instance.drives() > MOST_DRIVES {
        return Err(too_large());
    }
    let loaded = elapsed();
    let times = ComputingTimes { loading, routing: loaded - loading, solving: 0 };
    if instance.is_plan() {
        return Ok(instance.planned(times)?.json());
    }
    let options = &instance.options;
    let (from, left_s) = (Instant::now(), seconds(options));
    let spent = || match gone.load(Ordering::Relaxed) {
        true => 1.0,
        false => from.elapsed().as_secs_f64() / left_s,
    };
    let asked = options.t.and_then(|threads| usize::try_from(threads).ok()).unwrap_or(2);
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let run = Run {
        seed: options.seed.unwrap_or(1),
        threads: asked.clamp(1, MOST_THREADS.min(cores)),
        budget: Budget::Share(&spent),
        gently: false,
        most_moves: None,
        tell: None,
    };
    let solution = solve(&instance.problem, &instance.tables(), &run);
    let solving = elapsed() - loaded;
    Ok(instance.answer(&solution, ComputingTimes { solving, ..times })?.json())
}

/// The input, for the OpenAPI document: docs/solve.md has the whole.
pub fn input_shape() -> Value {
    let list =
        |what: &str| json!({ "type": "array", "items": { "type": "object" }, "description": what });
    json!({
        "type": "object",
        "description": "VROOM's JSON input; unknown keys are passed over.",
        "required": ["vehicles"],
        "properties": {
            "vehicles": list("Who drives."),
            "jobs": list("Single tasks."),
            "shipments": list("From one place to another with one vehicle."),
            "matrices": {
                "type": "object",
                "description": "By profile: durations, distances, costs.",
                "additionalProperties": { "type": "object" },
            },
            "options": {
                "type": "object",
                "properties": {
                    "g": { "type": "boolean", "description": "Geometry and distances." },
                    "c": { "type": "boolean", "description": "Plan mode: steps are the order." },
                    "t": { "type": "integer", "minimum": 1, "description": "Threads." },
                    "x": { "type": "integer", "minimum": 0, "maximum": 5, "description": "Exploration." },
                    "l": { "type": "number", "minimum": 0, "description": "Seconds, 60 at most." },
                    "seed": { "type": "integer", "minimum": 0 },
                    "reasons": { "type": "boolean", "description": "Say why tasks stay out." },
                },
            },
        },
    })
}

/// The answer, for the OpenAPI document.
pub fn output_shape() -> Value {
    let list = json!({ "type": "array", "items": { "type": "object" } });
    json!({
        "type": "object",
        "description": "VROOM's JSON output.",
        "required": ["code"],
        "properties": {
            "code": { "type": "integer", "minimum": 0, "maximum": 3 },
            "error": { "type": "string" },
            "summary": { "type": "object" },
            "unassigned": list.clone(),
            "routes": list,
        },
    })
}
