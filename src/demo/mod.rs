//! `tournee demo`: a living, simulated company on a throw-away data folder, so that a newcomer sees a board at work at once.
//! It acts through the server's public doors alone and so tests the whole; nothing it sends leaves the machine.

pub mod calendar;
pub mod carry;
pub mod client;
pub mod day;
pub mod dice;
pub mod drive;
pub mod exchange;
pub mod folder;
pub mod founding;
pub mod http;
pub mod names;
pub mod paving;
pub mod phones;
#[cfg(test)]
mod rehearsal;
pub mod roads;
pub mod settings;
pub mod show;
pub mod stage;
pub mod way;
pub mod work;
pub mod workday;
pub mod world;

use std::io;
use std::sync::Arc;

use actors::engine::clock::Clock;

use crate::config::Settings;
use crate::serve::{self, ServeError};

use folder::Folder;
use show::{Show, ShowError};

/// Why a demonstration ended by itself.
#[derive(Debug, thiserror::Error)]
pub enum DemoError {
    /// No folder to throw away, or no port for the telephone company.
    #[error("the demonstration cannot be set up: {0}")]
    Setup(#[from] io::Error),
    /// The house could not be opened.
    #[error(transparent)]
    Serve(#[from] ServeError),
    /// The play stopped.
    #[error(transparent)]
    Show(#[from] ShowError),
}

/// Serves an invented company on a throw-away folder until told to stop.
///
/// # Errors
/// See [`DemoError`].
pub fn run(given: &Settings, options: DemoOptions) -> Result<(), DemoError> {
    let folder = Folder::new()?;
    http::in_system(present(given, options, &folder))
}

async fn present(given: &Settings, options: DemoOptions, folder: &Folder) -> Result<(), DemoError> {
    let show = Show::new(given, options, Clock::system().now(), crate::house::secret);
    let (company, address) = http::open(show.exchange())?;
    let company = tokio::spawn(company);
    let made_up = show.made_up(folder.path(), address);
    let served = serve::open(settings::settings(given, made_up), show.clock()).await?;
    let setup_token = served.house.secret();
    served.house.keys.expect_first_user(&setup_token);
    let (house, settings) = (served.house.clone(), Arc::clone(&served.house.settings));
    let mut terminal = io::stdout();
    let ended = tokio::select! {
        stopped = served.until_told() => stopped.map_err(DemoError::from),
        played = show.play(&settings, &setup_token, move || house.is_settled(), &mut terminal) => {
            played.map_err(DemoError::from)
        }
    };
    company.abort();
    ended
}

/// What may be chosen about the simulated company.
#[derive(Debug, Clone, clap::Args)]
pub struct DemoOptions {
    /// The company and its days: the same seed gives the same day
    #[arg(long, default_value_t = 1, value_name = "N")]
    pub seed: u64,
    /// How many times faster than the wall the demonstration's clock runs
    #[arg(long, default_value_t = 1.0, value_name = "X", value_parser = speed)]
    pub speed: f64,
    /// How many technicians work for the company
    #[arg(long, default_value_t = 46, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=500))]
    pub technicians: u16,
    /// How many jobs are known in the morning
    #[arg(long, default_value_t = 260, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=5000))]
    pub jobs: u16,
}

fn speed(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(speed) if (0.1..=1_000.0).contains(&speed) => Ok(speed),
        _ => Err("must be a number from 0.1 to 1000".to_owned()),
    }
}
