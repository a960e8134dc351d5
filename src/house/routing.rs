//! Who knows the ways, by `TOURNEE_ROUTING`: nobody, a road network, an OSRM server.

use std::sync::Arc;

use scheduler::Ways;
use scheduler::roads::Roads;

use crate::config::Routing;
use crate::integrations::osrm::{Api, Fault, Osrm};
use crate::roads::{Remembered, RoadsError};

/// Why nobody knows the ways, by the setting's name.
#[derive(Debug, thiserror::Error)]
pub enum RoutingError {
    /// The road network.
    #[error("TOURNEE_ROUTING: {0}")]
    Roads(#[from] RoadsError),
    /// The OSRM server's client.
    #[error("TOURNEE_ROUTING: {0}")]
    Osrm(#[from] Fault),
    /// The thread that asks the server.
    #[error("TOURNEE_ROUTING: no thread can be started: {0}")]
    Thread(#[from] std::io::Error),
}

/// Loads or connects what the setting names; nothing for the estimate.
///
/// # Errors
/// A file that cannot be used. Whether a server answers shows later: until it does, the estimate is used.
pub fn ways(routing: &Routing) -> Result<Option<Arc<dyn Ways>>, RoutingError> {
    Ok(match routing {
        Routing::Estimate => None,
        Routing::Roads(file) => {
            let network = crate::roads::load(file)?;
            let (stretches, ..) = network.counts();
            tracing::info!(file = %file.display(), stretches, "a road network is loaded");
            Some(Arc::new(Remembered::new(Roads::new(Arc::new(network)))))
        }
        Routing::Osrm(address) => {
            crate::integrations::install_tls();
            Some(Arc::new(Osrm::start(Api::new(address)?)?))
        }
    })
}
