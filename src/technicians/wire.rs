//! A technician as others see it.

use actors::technicians::protocol::Technician;
use serde::Serialize;
use utoipa::ToSchema;

/// A technician with the version of their data.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct TechnicianShape {
    /// Their data.
    #[serde(flatten)]
    pub technician: Technician,
    /// Position of the last event that touched them.
    pub version: i64,
}

impl TechnicianShape {
    /// A technician as others see it.
    pub fn new(technician: &Technician, version: i64) -> Self {
        Self { technician: technician.clone(), version }
    }

    /// The same without what outside calendars take: who needs that reads the days concerned.
    pub fn brief(technician: &Technician, version: i64) -> Self {
        let mut all = Self::new(technician, version);
        all.technician.calendars.iter_mut().for_each(|one| one.busy.clear());
        all
    }
}
