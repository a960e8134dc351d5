//! One showing of the demonstration, from the telephone company to the last word on the terminal.
//! It is told where the house listens and may lead its clock; everything else it does through the doors.

use std::io::{self, Write};
use std::net::SocketAddr;
use std::sync::Arc;

use actors::engine::clock::Clock;
use jiff::Timestamp;
use serde_json::json;
use thiserror::Error;

use super::DemoOptions;
use super::calendar::Opening;
use super::client::{DoorError, Doors, Keys};
use super::drive::{self, Baton};
use super::exchange::Exchange;
use super::settings::MadeUp;
use super::stage::Stage;
use super::world::{COMPANY_PHONE, World};
use crate::config::{Secret, Settings};

/// The account that a newcomer signs in with.
pub const EMAIL: &str = "dispatch@demo.invalid";
const NAME: &str = "Camille Dispatch";

/// Why a demonstration ended.
#[derive(Debug, Error)]
pub enum ShowError {
    #[error(transparent)]
    Door(#[from] DoorError),
    #[error("the terminal cannot be written to")]
    Terminal(#[from] io::Error),
}

/// What the show may do to the house from inside: lead its clock, and see whether it has caught up.
struct Hand<F> {
    clock: Clock,
    settled: F,
}

impl<F: Fn() -> bool> Baton for Hand<F> {
    fn now(&self) -> Timestamp {
        self.clock.now()
    }

    fn lead(&self, moment: Timestamp) {
        if let Err(error) = self.clock.lead(moment) {
            tracing::warn!(%error, "the demonstration's clock");
        }
    }

    fn is_settled(&self) -> bool {
        (self.settled)()
    }
}

/// Everything that is made up before the house is opened.
pub struct Show {
    options: DemoOptions,
    world: World,
    exchange: Arc<Exchange>,
    opening: Opening,
    clock: Clock,
    admin_token: Secret,
    auth_token: String,
    password: String,
}

impl Show {
    /// Makes the company up. `chance` gives secrets that nobody can guess, at least 16 hexadecimal digits each.
    pub fn new(
        given: &Settings,
        options: DemoOptions,
        now: Timestamp,
        chance: impl Fn() -> String,
    ) -> Self {
        let (technicians, jobs) = (usize::from(options.technicians), usize::from(options.jobs));
        let zone = &given.timezone.tz;
        let opening = match given.clock {
            Some(moment) => Opening::chosen(moment, zone, jobs),
            None => Opening::first(now, zone, jobs),
        };
        // On this machine alone a password that one can remember does no harm.
        let password =
            if given.listen.ip().is_loopback() { "tournee-demo".to_owned() } else { chance() };
        Self {
            world: World::new(options.seed, technicians, jobs),
            exchange: Arc::new(Exchange::new(options.seed)),
            clock: Clock::led(opening.prepared_at),
            admin_token: given.admin_token.clone().unwrap_or_else(|| Secret::new(chance())),
            auth_token: chance(),
            password,
            opening,
            options,
        }
    }

    /// The clock to open the house with.
    pub fn clock(&self) -> Clock {
        self.clock.clone()
    }

    /// The telephone company, to be given a door.
    pub fn exchange(&self) -> Arc<Exchange> {
        Arc::clone(&self.exchange)
    }

    /// What the house's settings must hold.
    pub fn made_up<'a>(&self, folder: &'a std::path::Path, exchange: SocketAddr) -> MadeUp<'a> {
        let crew = self.world.technicians.iter().map(|one| one.phone.clone());
        let customers = self.world.customers.iter().filter_map(|one| one.phone.clone());
        MadeUp {
            folder,
            admin_token: self.admin_token.clone(),
            exchange,
            account: self.exchange.account().to_owned(),
            auth_token: Secret::new(self.auth_token.as_str()),
            from: COMPANY_PHONE.to_owned(),
            numbers: crew.chain(customers).collect(),
        }
    }

    /// Plays until the server is gone or this is dropped. `setup_token` is what makes the first account; `settled` tells whether
    /// the house has caught up with everything it was told.
    ///
    /// # Errors
    /// The company could not be founded, or the server does not answer any more.
    pub async fn play(
        self,
        house: &Settings,
        setup_token: &str,
        settled: impl Fn() -> bool,
        terminal: &mut impl Write,
    ) -> Result<(), ShowError> {
        let doors = Doors::new(Keys {
            origin: format!("http://{}", reachable(house.listen)),
            public_url: house.public_url.clone(),
            admin_token: self.admin_token.expose().to_owned(),
            twilio_account: self.exchange.account().to_owned(),
            twilio_token: self.auth_token.clone(),
            twilio_from: COMPANY_PHONE.to_owned(),
        })?;
        let account = json!({
            "token": setup_token,
            "name": NAME,
            "email": EMAIL,
            "password": self.password,
        });
        doors.post("/auth/setup", &account).await?;
        let (seed, programme) = (self.options.seed, &self.opening.programme);
        writeln!(
            terminal,
            "An invented company: {} technicians, {} jobs on {}, seed {seed}. One moment ...",
            self.world.technicians.len(),
            programme.jobs,
            programme.date_text,
        )?;
        let technicians = self.world.technicians.len();
        let mut stage = Stage::open(doors, self.world, seed, self.exchange, programme).await?;
        let baton = Hand { clock: self.clock.clone(), settled };
        drive::fast_forward(&mut stage, &baton, &self.opening).await?;
        if let Err(error) = self.clock.pace(self.options.speed) {
            tracing::warn!(%error, "the demonstration's clock");
        }
        writeln!(terminal, "API token: {}", self.admin_token.expose())?;
        writeln!(terminal, "Sign in as {EMAIL} with the password {}", self.password)?;
        writeln!(terminal, "The board lives at {}/ops/", house.public_url)?;
        terminal.flush()?;
        let interval_s = drive::interval_s(self.options.speed, technicians);
        let zone = &house.timezone.tz;
        drive::play(&mut stage, &baton, self.opening, zone, interval_s).await?;
        Ok(())
    }
}

/// An address that listens everywhere is reached on this machine.
fn reachable(mut listen: SocketAddr) -> SocketAddr {
    if listen.ip().is_unspecified() {
        listen.set_ip(std::net::Ipv4Addr::LOCALHOST.into());
    }
    listen
}

/// A made-up secret for tests, where nothing needs guarding.
#[cfg(test)]
fn guessable() -> String {
    super::exchange::sid("", 1, "secret")
}

#[cfg(test)]
mod tests {
    use super::{Show, guessable};
    use crate::config::Sources;
    use crate::demo::DemoOptions;

    fn options() -> DemoOptions {
        DemoOptions { seed: 1, speed: 1.0, technicians: 46, jobs: 280 }
    }

    #[test]
    fn the_password_is_simple_on_this_machine_alone() {
        let mut given = Sources::default().load().unwrap().settings;
        let now = "2026-11-24T11:00:00-05:00".parse().unwrap();
        let here = Show::new(&given, options(), now, guessable);
        assert_eq!(here.password, "tournee-demo");
        given.listen = "0.0.0.0:3300".parse().unwrap();
        let everywhere = Show::new(&given, options(), now, guessable);
        assert_eq!(everywhere.password, guessable());
    }

    #[test]
    fn every_invented_person_can_be_texted_and_nobody_else() {
        let given = Sources::default().load().unwrap().settings;
        let now = "2026-11-24T11:00:00-05:00".parse().unwrap();
        let show = Show::new(&given, options(), now, guessable);
        let made_up = show.made_up(std::path::Path::new("x"), "127.0.0.1:4010".parse().unwrap());
        assert!(made_up.numbers.len() > 300);
        assert!(made_up.numbers.iter().all(|number| &number[5..9] == "5550"));
    }
}
