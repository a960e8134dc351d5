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

#[cfg(test)]
mod tests {
    use jiff::tz::TimeZone;
    use scheduler::roads::{Network, Survey, Tags};
    use scheduler::{Estimate, Point, Travel};

    use super::super::Knowledge;
    use super::*;

    /// Tuesday, 24 November 2026, 15:00 UTC: no rush in UTC.
    const NOON_S: i64 = 1_795_532_400;

    #[test]
    fn what_is_known_of_travel_follows_the_setting() {
        let mut survey = Survey::default();
        survey.way(1, &Tags::from([("highway", "primary"), ("maxspeed", "36")]), [1, 2]);
        survey.node(1, 450_000_000, -735_000_000, &Tags::default());
        survey.node(2, 450_900_000, -735_000_000, &Tags::default());
        let network = Network::build(&survey, &mut |_| {}).unwrap();
        let file = std::env::temp_dir().join(format!("tournee-{}.roads", std::process::id()));
        std::fs::write(&file, network.to_bytes()).unwrap();
        let (from, to) = (Point::new(45.0, -73.5), Point::new(45.09, -73.5));
        let leg = |routing: Routing| {
            Knowledge::new(TimeZone::UTC, ways(&routing).unwrap()).leg(from, to, NOON_S)
        };
        let driven = leg(Routing::Roads(file.clone()));
        // Ten kilometres at ten metres a second.
        assert!((995..=1_005).contains(&driven.seconds), "{driven:?}");
        let estimated = Estimate::new(TimeZone::UTC).leg(from, to, NOON_S);
        assert_eq!(leg(Routing::Estimate), estimated);
        let nobody = Routing::Osrm("http://127.0.0.1:9".to_owned());
        assert_eq!(leg(nobody), estimated, "until the server answers");
        std::fs::remove_file(&file).unwrap();
        let refused = ways(&Routing::Roads(file)).err().unwrap().to_string();
        assert!(refused.starts_with("TOURNEE_ROUTING: "), "{refused}");
    }
}
