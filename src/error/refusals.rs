//! From the engine's answers to problems: the one place where a refusal, a stale version or a fault becomes a
//! status code. The text of a database or a vendor never reaches a caller.

use std::sync::OnceLock;

use actix_web::http::StatusCode;
use actors::engine::journal::{CommitError, Rests};
use actors::engine::refusal::{Language, RefusalKind, Refused};
use actors::engine::shell::AskError;
use actors::names::NameKind;

use crate::error::Problem;

static COMPANY: OnceLock<Language> = OnceLock::new();

/// Sets the language of `detail`; both languages stand beside it in `detail_fr` and `detail_en`.
pub fn speak(language: Language) {
    let _ = COMPANY.set(language);
}

/// The language of `detail`.
pub fn company_language() -> Language {
    COMPANY.get().copied().unwrap_or_default()
}

/// A problem said in both languages.
pub fn said(status: StatusCode, code: &'static str, fr: &str, en: &str) -> Problem {
    let detail = match company_language() {
        Language::Fr => fr,
        Language::En => en,
    };
    Problem::new(status, code, detail).with("detail_fr", fr.into()).with("detail_en", en.into())
}

/// Bad input, said in both languages.
pub fn invalid(code: &'static str, fr: &str, en: &str) -> Problem {
    said(StatusCode::UNPROCESSABLE_ENTITY, code, fr, en)
}

/// The world is another one than the asker believes, said in both languages.
pub fn conflict(code: &'static str, fr: &str, en: &str) -> Problem {
    said(StatusCode::CONFLICT, code, fr, en)
}

/// There is no such thing, said in both languages.
pub fn missing(code: &'static str, fr: &str, en: &str) -> Problem {
    said(StatusCode::NOT_FOUND, code, fr, en)
}

/// Not to be had at the moment, said in both languages.
pub fn unavailable(code: &'static str, fr: &str, en: &str) -> Problem {
    said(StatusCode::SERVICE_UNAVAILABLE, code, fr, en)
}

/// A refusal as a problem.
pub fn refused(refusal: &dyn Refused) -> Problem {
    let status = match refusal.kind() {
        RefusalKind::Unknown => StatusCode::NOT_FOUND,
        RefusalKind::Conflict => StatusCode::CONFLICT,
        RefusalKind::Invalid => StatusCode::UNPROCESSABLE_ENTITY,
    };
    let (fr, en) = (refusal.detail(Language::Fr), refusal.detail(Language::En));
    let problem = said(status, refusal.code(), &fr, &en);
    let detail = refusal.detail(company_language());
    match refusal.pointer() {
        Some(pointer) => problem.pointer(pointer, detail),
        None => problem,
    }
}

/// The code of an edit that somebody else was quicker than.
pub const STALE: &str = "stale_version";

/// Someone changed it since.
pub fn stale() -> Problem {
    said(
        StatusCode::CONFLICT,
        STALE,
        "Quelqu'un a changé ceci entre-temps. Voici l'état actuel.",
        "Someone changed this in the meantime. Here is its present state.",
    )
    .pointer("/version", "stale")
}

/// The time is taken, seen by the store.
pub fn overlap() -> Problem {
    said(
        StatusCode::CONFLICT,
        "board.overlap",
        "Ce technicien a déjà une visite à ce moment-là.",
        "This technician already has a visit at that time.",
    )
    .pointer("/start", "overlap")
}

/// The code of a request that was committed before; `idempotency.rs` turns it into the first answer.
pub const SEEN: &str = "idempotency.seen";

impl From<AskError> for Problem {
    fn from(error: AskError) -> Self {
        match error {
            AskError::Refused(refusal) => refused(&*refusal),
            AskError::Commit(error) => error.into(),
            AskError::Overloaded(_) => Self::overloaded(),
            AskError::Quarantined(key) => {
                tracing::warn!(%key, "asked while in quarantine");
                Self::overloaded().retry_after_s(60)
            }
            AskError::Bug(_) => Self::internal(),
            AskError::Load(error) => {
                tracing::error!(%error, "a room could not be loaded");
                Self::overloaded()
            }
        }
    }
}

impl From<CommitError> for Problem {
    fn from(error: CommitError) -> Self {
        match error {
            CommitError::Stale { current, .. } => stale().with("current_version", current.into()),
            CommitError::Overlap { .. } => overlap(),
            CommitError::Taken { kind, .. } => taken(kind),
            CommitError::InUse { rests, .. } => in_use(rests),
            CommitError::Seen { same_body: true } => {
                Self::new(StatusCode::CONFLICT, SEEN, "This request was done before.")
            }
            CommitError::Seen { same_body: false } => reused(),
            CommitError::Overloaded(why) => {
                tracing::warn!(%why, "the journal takes no more");
                Self::overloaded()
            }
            CommitError::Fault(why) => {
                tracing::error!(%why, "the journal failed");
                Self::overloaded()
            }
        }
    }
}

/// What rests on a thing, in French and English.
pub fn rests_on(rests: Rests) -> (&'static str, &'static str) {
    match rests {
        Rests::Visit => ("Une visite ou une ébauche y tient.", "A visit or a draft rests on it."),
        Rests::Job => ("Une intervention y tient.", "A job rests on it."),
        Rests::Location => ("Une adresse y tient.", "A location rests on it."),
        Rests::Conversation => ("Une conversation y tient.", "A conversation rests on it."),
    }
}

/// Something rests on what was to be gone.
fn in_use(rests: Rests) -> Problem {
    let (fr, en) = rests_on(rests);
    conflict("input.in_use", fr, en)
}

/// A name that another thing of its kind bears.
pub fn taken(kind: NameKind) -> Problem {
    let problem = match kind {
        NameKind::Tracker => said(
            StatusCode::CONFLICT,
            "technicians.tracker_taken",
            "Un autre technicien porte déjà cet appareil.",
            "Another technician bears this tracker already.",
        ),
        _ => said(
            StatusCode::CONFLICT,
            "input.external_id_taken",
            "Cet identifiant externe est déjà pris.",
            "This external id is taken already.",
        ),
    };
    problem.pointer(format!("/{}", kind.field()), "taken")
}

/// An Idempotency-Key with another body.
pub fn reused() -> Problem {
    said(
        StatusCode::UNPROCESSABLE_ENTITY,
        "idempotency.reused",
        "Cette clé d'idempotence a déjà servi pour une autre demande.",
        "This Idempotency-Key was used for another request.",
    )
    .pointer("", "Idempotency-Key")
}
