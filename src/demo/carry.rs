//! Each act of the play, put through the door that a real person would use for it, and a count of what was refused.
//! A refusal is part of the play (a visit cancelled under way, say) and never stops it.

use serde_json::json;

use super::client::DoorError;
use super::day::{Act, JobRef};
use super::exchange::sid;
use super::founding;
use super::stage::{Later, Stage};

impl Stage {
    /// One technician's acts, in order.
    pub(super) async fn lane(&self, acts: Vec<Act>) {
        for act in acts {
            match act {
                Act::Fix(fix) => {
                    let hours = (fix.at_s - self.date.midnight_s) as f64 / 3_600.0;
                    let battery = (100.0 - 3.5 * (hours - 7.0)).clamp(12.0, 100.0);
                    let tracker = &self.world.technicians[fix.who].tracker;
                    let sent = self.doors.fix(tracker, &fix, battery).await;
                    if self.note(sent).is_some() {
                        self.figures.lock().fixes += 1;
                    }
                }
                Act::Report { who, job_id, status, .. } => {
                    let told = self.report(who, &job_id, status.word()).await;
                    if self.note(told).is_some() {
                        self.figures.lock().reports += 1;
                    }
                }
                _ => {}
            }
        }
    }

    /// By the technician's own link, or, where none has come yet, as the office would on a phone call.
    async fn report(&self, who: usize, job_id: &str, status: &str) -> Result<(), DoorError> {
        if let Some(link) = self.links.get(who).and_then(Option::as_ref) {
            match self.doors.report(link, job_id, status).await {
                Err(error) if matches!(error.status(), Some(401 | 403 | 404 | 410)) => {
                    tracing::debug!(%error, "a technician's link did not serve");
                }
                done => return done.map(|_| ()),
            }
        }
        let path = format!("/jobs/{job_id}/status");
        self.doors.post(&path, &json!({ "status": status })).await.map(|_| ())
    }

    /// What the office does, one thing after the other.
    pub(super) async fn office(&self, acts: Vec<Act>, job_ids: &mut Vec<Option<String>>) {
        for act in acts {
            let done = match act {
                Act::CallInSick { at_s, who, until_s } => self.absence(who, at_s, until_s).await,
                Act::Call { number, .. } => self.call(number, job_ids).await,
                Act::Place { jobs, .. } => {
                    let known: Vec<String> = jobs
                        .iter()
                        .filter_map(|job| match job {
                            JobRef::Id(id) => Some(id.to_string()),
                            JobRef::Number(number) => job_ids.get(*number).cloned().flatten(),
                        })
                        .filter(|id| self.pool.contains(id))
                        .collect();
                    founding::place(&self.doors, &self.date_text, &known).await.map(|_| ())
                }
                Act::Cancel { number, .. } => match job_ids.get(number).and_then(Option::as_ref) {
                    Some(id) if self.untouched.contains(id) => {
                        let body = json!({ "status": "cancelled", "note": "Annulé par le client" });
                        self.doors.post(&format!("/jobs/{id}/status"), &body).await.map(|_| ())
                    }
                    // Whoever calls when the technician is on the way is talked out of it.
                    _ => Ok(()),
                },
                Act::Fix(_) | Act::Report { .. } => Ok(()),
            };
            self.note(done);
        }
    }

    async fn absence(&self, who: usize, from_s: i64, until_s: i64) -> Result<(), DoorError> {
        let Some(id) = self.ids.technicians.get(who) else { return Ok(()) };
        let body = json!({
            "start": founding::instant(from_s),
            "end": founding::instant(until_s),
            "reason": "Malade",
        });
        self.doors.post(&format!("/technicians/{id}/absences"), &body).await.map(|_| ())
    }

    async fn call(
        &self,
        number: usize,
        job_ids: &mut Vec<Option<String>>,
    ) -> Result<(), DoorError> {
        let Some(job) = self.day.jobs.get(number) else { return Ok(()) };
        let midnight_s = self.date.midnight_s;
        let key = format!("demo-job-{midnight_s}-{number}");
        let id = founding::take_call(&self.doors, &self.ids, job, midnight_s, &key).await?;
        if job_ids.len() <= number {
            job_ids.resize(number + 1, None);
        }
        job_ids[number] = Some(id);
        Ok(())
    }

    pub(super) async fn phone(&self, serial: u64, later: Later) {
        let done = match later {
            Later::Receipt { callback, sid, to, status, error } => {
                self.doors.receipt(callback.as_deref(), &sid, &to, status, error).await
            }
            Later::Text { from, body } => {
                self.exchange.overhear(&from, body);
                let sid = sid("SM", self.seed, &format!("answer {serial}"));
                let sent = self.doors.text(&sid, &from, body).await;
                if sent.is_ok() {
                    self.figures.lock().texts += 1;
                }
                sent
            }
        };
        self.note(done);
    }

    /// Counts a refusal; the first of its kind is told, and so is every tenth power after it.
    fn note<T>(&self, outcome: Result<T, DoorError>) -> Option<T> {
        let error = match outcome {
            Ok(value) => return Some(value),
            Err(error) => error,
        };
        let kind = match &error {
            DoorError::Refused { door, status, .. } => {
                let door: Vec<&str> = door.split('/').filter(|part| !part.contains('_')).collect();
                format!("{} {status}", door.join("/"))
            }
            DoorError::Unreachable { .. } => "unreachable".to_owned(),
            DoorError::Shape { door, .. } => format!("{door} shape"),
        };
        let mut figures = self.figures.lock();
        let times = figures.refused.entry(kind).or_insert(0);
        *times += 1;
        if times.is_power_of_two() {
            tracing::warn!(%error, times = *times, "a door refused the simulated company");
        }
        None
    }
}
