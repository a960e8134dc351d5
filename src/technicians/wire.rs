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
}
