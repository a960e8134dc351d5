//! The path of the search.

use std::cmp::Reverse;

use actix_web::{HttpResponse, web};
use actors::jobs::protocol::JobStatus;
use actors::technicians::protocol::Technician;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::error::Problem;
use crate::house::House;
use crate::input::Asked;
use crate::journal::database::{ReadError, Reader};
use crate::search::fold::{self, Word};
use crate::search::rank::{self, Field, Score};
use crate::search::store::{self, Candidate};

/// Hits of one kind at most.
const LIMIT_MAX: usize = 50;
/// Hits of one kind, unless asked otherwise.
const LIMIT: usize = 8;
/// Longest question, in characters.
const QUESTION_MAX: usize = 200;
/// What an exact id is worth: more than any words.
const EXACT: i64 = 1_000;
/// What a job that is still to be done is worth more than one that is over.
const OPEN: i64 = 5;

/// What can be found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// One who does the work.
    Technician,
    /// An account holder.
    Customer,
    /// A place of work.
    Location,
    /// Work to be done.
    Job,
}

const KINDS: [(&str, Kind); 4] = [
    ("technician", Kind::Technician),
    ("customer", Kind::Customer),
    ("location", Kind::Location),
    ("job", Kind::Job),
];

/// A field that answered.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Matched {
    /// Its name: `name`, `phone`, `address`, `title`, `id`, `external_id`, `customer_name` …
    pub field: &'static str,
    /// What stands in it; empty where the answer would have to be fetched from elsewhere.
    pub text: String,
}

/// Something that was found.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct SearchHit {
    /// What it is.
    pub kind: Kind,
    /// Its id.
    pub id: String,
    /// Name, address or title.
    pub title: String,
    /// What tells it from others of that title: a number, the customer, the address.
    pub detail: String,
    /// What answered, the best first.
    pub matched: Vec<Matched>,
    /// The customer, of a location or job.
    pub customer_id: Option<String>,
    /// Who goes, of a job with a visit.
    pub technician_id: Option<String>,
    /// Where it stands, of a job.
    pub status: Option<JobStatus>,
    /// When its visit starts, of a job; else when its arrival window does.
    #[schema(value_type = Option<String>)]
    pub start: Option<Timestamp>,
}

/// What was found, best first; all there is, so `next` is null.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct SearchAnswer {
    /// At most `limit` of each kind.
    pub items: Vec<SearchHit>,
    /// Always null.
    pub next: Option<String>,
}

/// `?q=&kinds=&limit=`
#[derive(Deserialize)]
pub struct SearchQuery {
    q: String,
    kinds: Option<String>,
    limit: Option<usize>,
}

impl SearchQuery {
    fn limit(&self) -> Result<usize, Problem> {
        match self.limit {
            None => Ok(LIMIT),
            Some(limit) if (1..=LIMIT_MAX).contains(&limit) => Ok(limit),
            Some(_) => Err(Problem::invalid("/limit", "1 to 50 of each kind.")),
        }
    }

    fn kinds(&self) -> Result<Vec<Kind>, Problem> {
        let Some(named) = self.kinds.as_deref().filter(|text| !text.is_empty()) else {
            return Ok(KINDS.map(|(_, kind)| kind).into());
        };
        let kind = |name: &str| KINDS.iter().find(|known| known.0 == name).map(|known| known.1);
        named
            .split(',')
            .map(|name| {
                kind(name.trim()).ok_or_else(|| {
                    let why = "Kinds are technician, customer, location and job.";
                    Problem::invalid("/kinds", why)
                })
            })
            .collect()
    }
}

/// Something found, before it is known what it says.
struct Ranked {
    kind: Kind,
    points: i64,
    /// Microseconds between now and its visit; what has none comes after.
    away_us: u64,
    id: String,
    met: Vec<&'static str>,
}

struct Search<'a> {
    house: &'a House,
    connection: Reader,
    question: &'a str,
    words: Vec<Word>,
    limit: usize,
    technicians: Vec<Technician>,
}

/// GET /search
///
/// # Errors
/// 422 for an unknown kind, a limit out of range, or a question that is too long.
pub async fn search(
    house: web::Data<House>,
    query: Asked<SearchQuery>,
) -> Result<HttpResponse, Problem> {
    let (kinds, limit) = (query.kinds()?, query.limit()?);
    let question = query.q.trim();
    if question.chars().count() > QUESTION_MAX {
        return Err(Problem::invalid("/q", "A question has 200 characters at most."));
    }
    let mut connection = house.read().await?;
    let technicians = crate::technicians::store::all(&mut connection).await?;
    let mut search = Search {
        house: &house,
        connection,
        question,
        words: fold::words(question),
        limit,
        technicians: technicians.into_iter().map(|known| known.technician).collect(),
    };
    let mut found = Vec::new();
    if !question.is_empty() {
        for (_, kind) in KINDS.iter().filter(|(_, kind)| kinds.contains(kind)) {
            found.extend(search.of(*kind).await?);
        }
    }
    found.sort_by_key(order);
    let mut items = Vec::with_capacity(found.len());
    for ranked in found {
        items.extend(search.hit(ranked).await?);
    }
    Ok(HttpResponse::Ok().json(SearchAnswer { items, next: None }))
}

fn order(ranked: &Ranked) -> (Reverse<i64>, Kind, u64, String) {
    (Reverse(ranked.points), ranked.kind, ranked.away_us, ranked.id.clone())
}

impl Search<'_> {
    /// The best of one kind.
    async fn of(&mut self, kind: Kind) -> Result<Vec<Ranked>, Problem> {
        let mut found = self.by_words(kind).await?;
        if let Some((id, field)) = self.exact(kind).await? {
            found.retain(|ranked| ranked.id != id);
            found.push(Ranked { kind, points: EXACT, away_us: 0, id, met: vec![field] });
        }
        found.sort_by_key(order);
        found.truncate(self.limit);
        Ok(found)
    }

    /// What bears the very id that was asked for, ours or another system's.
    async fn exact(&mut self, kind: Kind) -> Result<Option<(String, &'static str)>, Problem> {
        let asked = self.question;
        let id = match kind {
            Kind::Technician => self
                .technicians
                .iter()
                .find(|one| one.id.as_str() == asked || one.external_id.as_deref() == Some(asked))
                .map(|one| one.id.to_string()),
            Kind::Customer => crate::customers::store::one(&mut self.connection, asked)
                .await?
                .map(|known| known.thing.id.to_string()),
            Kind::Location => crate::customers::store::location(&mut self.connection, asked)
                .await?
                .map(|known| known.thing.id.to_string()),
            Kind::Job => {
                let language = self.house.policy.language;
                crate::jobs::store::one(&mut self.connection, language, asked)
                    .await?
                    .map(|standing| standing.job.id.to_string())
            }
        };
        Ok(id.map(|id| if id == asked { (id, "id") } else { (id, "external_id") }))
    }

    async fn by_words(&mut self, kind: Kind) -> Result<Vec<Ranked>, Problem> {
        if self.words.is_empty() {
            return Ok(Vec::new());
        }
        let (candidates, fields) = self.candidates(kind).await?;
        let now_us = self.house.clock.now().as_microsecond();
        let ranked = candidates.into_iter().filter_map(|one| {
            let Score { points, met } = rank::score(&one.text, fields, &self.words)?;
            let status = one.status.as_deref().and_then(JobStatus::from_code);
            let over = matches!(status, Some(JobStatus::Done | JobStatus::Cancelled));
            Some(Ranked {
                kind,
                points: if status.is_some() && !over { points + OPEN } else { points },
                away_us: one.start_us.map_or(u64::MAX, |start_us| start_us.abs_diff(now_us)),
                id: one.id,
                met: met.into_iter().filter_map(|at| Some(fields.get(at)?.name)).collect(),
            })
        });
        Ok(ranked.collect())
    }

    async fn candidates(
        &mut self,
        kind: Kind,
    ) -> Result<(Vec<Candidate>, &'static [Field]), ReadError> {
        let (connection, words) = (&mut self.connection, &self.words);
        Ok(match kind {
            Kind::Technician => {
                let all = self.technicians.iter().map(|one| Candidate {
                    id: one.id.to_string(),
                    text: store::of_technician(one),
                    status: None,
                    start_us: None,
                });
                (all.collect(), &rank::TECHNICIAN)
            }
            Kind::Customer => (store::customers(connection, words).await?, &rank::CUSTOMER),
            Kind::Location => (store::locations(connection, words).await?, &rank::LOCATION),
            Kind::Job => (store::jobs(connection, words).await?, &rank::JOB),
        })
    }

    /// What was found, in words; none where it is gone since.
    async fn hit(&mut self, ranked: Ranked) -> Result<Option<SearchHit>, ReadError> {
        let Ranked { kind, id, met, .. } = ranked;
        let mut hit = SearchHit {
            kind,
            id,
            title: String::new(),
            detail: String::new(),
            matched: Vec::new(),
            customer_id: None,
            technician_id: None,
            status: None,
            start: None,
        };
        let Some(said) = (match kind {
            Kind::Technician => self.technician(&mut hit),
            Kind::Customer => self.customer(&mut hit).await?,
            Kind::Location => self.location(&mut hit).await?,
            Kind::Job => self.job(&mut hit).await?,
        }) else {
            return Ok(None);
        };
        hit.matched = met
            .into_iter()
            .map(|field| {
                let text = said.iter().find(|(name, _)| *name == field).map(|(_, text)| text);
                Matched { field, text: text.cloned().unwrap_or_default() }
            })
            .collect();
        Ok(Some(hit))
    }

    fn technician(&self, hit: &mut SearchHit) -> Option<Said> {
        let one = self.technicians.iter().find(|one| one.id.as_str() == hit.id)?;
        (hit.title, hit.detail) = (one.name.clone(), one.phone.clone());
        Some(vec![
            ("id", hit.id.clone()),
            ("name", one.name.clone()),
            ("phone", one.phone.clone()),
            ("email", one.email.clone().unwrap_or_default()),
            ("external_id", one.external_id.clone().unwrap_or_default()),
        ])
    }

    async fn customer(&mut self, hit: &mut SearchHit) -> Result<Option<Said>, ReadError> {
        let known = crate::customers::store::one(&mut self.connection, &hit.id).await?;
        let Some(one) = known.map(|known| known.thing) else { return Ok(None) };
        hit.title = one.name.clone();
        hit.detail = one.phone.clone().or_else(|| one.email.clone()).unwrap_or_default();
        Ok(Some(vec![
            ("id", hit.id.clone()),
            ("name", one.name),
            ("phone", one.phone.unwrap_or_default()),
            ("email", one.email.unwrap_or_default()),
            ("external_id", one.external_id.unwrap_or_default()),
        ]))
    }

    async fn location(&mut self, hit: &mut SearchHit) -> Result<Option<Said>, ReadError> {
        let known = crate::customers::store::location(&mut self.connection, &hit.id).await?;
        let Some(one) = known.map(|known| known.thing) else { return Ok(None) };
        let owner = one.customer_id.as_str();
        let owner = crate::customers::store::one(&mut self.connection, owner).await?;
        let owner = owner.map(|known| known.thing);
        hit.title = one.address.clone();
        hit.detail = owner.as_ref().map(|owner| owner.name.clone()).unwrap_or_default();
        hit.customer_id = Some(one.customer_id.to_string());
        let of = |text: Option<&Option<String>>| text.cloned().flatten().unwrap_or_default();
        Ok(Some(vec![
            ("id", hit.id.clone()),
            ("address", one.address),
            ("external_id", one.external_id.unwrap_or_default()),
            ("customer_name", hit.detail.clone()),
            ("customer_phone", of(owner.as_ref().map(|owner| &owner.phone))),
            ("customer_email", of(owner.as_ref().map(|owner| &owner.email))),
            ("customer_external_id", of(owner.as_ref().map(|owner| &owner.external_id))),
        ]))
    }

    async fn job(&mut self, hit: &mut SearchHit) -> Result<Option<Said>, ReadError> {
        let language = self.house.policy.language;
        let found = crate::jobs::store::one(&mut self.connection, language, &hit.id).await?;
        let Some(standing) = found else { return Ok(None) };
        let (job, visit) = (standing.job, standing.visit);
        hit.title = job.title.clone();
        hit.detail = format!("{} · {}", job.customer_name, job.address);
        hit.customer_id = Some(job.customer_id.to_string());
        hit.status = Some(standing.status);
        // The last visit of a job that waits again says nothing of when it will be.
        let visit = visit.filter(|_| standing.status != JobStatus::Unassigned);
        hit.technician_id = visit.as_ref().map(|visit| visit.technician_id.to_string());
        let window = job.arrival_window.map(|window| window.start);
        hit.start = visit.map(|visit| visit.start).or(window);
        Ok(Some(vec![
            ("id", hit.id.clone()),
            ("title", job.title),
            ("external_id", job.external_id.unwrap_or_default()),
            ("customer_name", job.customer_name),
            ("customer_phone", job.customer_phone.unwrap_or_default()),
            ("address", job.address),
        ]))
    }
}

/// What the fields of something found say.
type Said = Vec<(&'static str, String)>;
