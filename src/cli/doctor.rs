//! `doctor`: looks at everything the server will need and says in plain words what is missing and how to mend it.
//! It changes nothing that lasts. In the sandbox it asks no provider, as nothing may leave the machine then.

use std::fs;
use std::io::{self, Write};
use std::net::IpAddr;
use std::path::Path;
use std::time::Duration;

use super::store::{Store, check_sqlite};
use super::{Failure, load, wait_for};
use crate::config::{Database, Flags, Outbound, Routing, Settings};

/// What one look gave.
#[derive(Debug, PartialEq, Eq)]
enum Finding {
    /// All is well.
    Fine(String),
    /// It will run, but somebody should know.
    Warning(String),
    /// It will not run, or not as asked.
    Wrong(String),
}

use Finding::{Fine, Warning, Wrong};

/// Prints a line for each look; an error when something is wrong.
pub(super) fn run(flags: Flags) -> Result<(), Failure> {
    let mut findings = Vec::new();
    match load(flags) {
        Err(failure) => findings.push(Wrong(format!("settings: {failure}"))),
        Ok(loaded) => {
            findings.push(Fine("settings: all of them can be used".to_owned()));
            findings.extend(loaded.warnings.into_iter().map(|w| Warning(format!("settings: {w}"))));
            findings.extend(doors(&loaded.settings));
            findings.push(data_folder(&loaded.settings.data));
            findings.extend(roads(&loaded.settings.routing));
            findings.extend(wait_for(async { Ok(far(&loaded.settings).await) })?);
        }
    }
    let mut out = io::stdout();
    for finding in &findings {
        match finding {
            Fine(text) => writeln!(out, "fine     {text}")?,
            Warning(text) => writeln!(out, "warning  {text}")?,
            Wrong(text) => writeln!(out, "WRONG    {text}")?,
        }
    }
    match findings.iter().filter(|finding| matches!(finding, Wrong(_))).count() {
        0 => Ok(()),
        1 => Err(Failure::new("one thing is wrong, see above")),
        more => Err(Failure::new(format!("{more} things are wrong, see above"))),
    }
}

/// Who could come in, or be told something wrong, with these settings.
fn doors(settings: &Settings) -> Vec<Finding> {
    let mut found = Vec::new();
    let mut warn = |text: &str| found.push(Warning(text.to_owned()));
    if settings.osmand_secret.is_none() {
        warn(
            "positions: whoever guesses a device id can report positions at /traccar/osmand; set TOURNEE_OSMAND_SECRET and add it to the address in the phone app",
        );
    }
    if settings.admin_token.as_ref().is_some_and(|token| token.expose().len() < 16) {
        warn(
            "sign-in: TOURNEE_ADMIN_TOKEN is shorter than 16 letters; `openssl rand -hex 24` makes a good one",
        );
    }
    let own: Option<IpAddr> = reqwest::Url::parse(&settings.public_url)
        .ok()
        .and_then(|url| url.host_str()?.trim_matches(['[', ']']).parse().ok());
    let at_home = own.is_some_and(|ip| ip.is_loopback());
    if at_home && settings.outbound != Outbound::Sandbox {
        warn(
            "links: TOURNEE_PUBLIC_URL is this machine itself, so nobody else can open the links in texts; set it to the address that phones reach",
        );
    }
    if !settings.listen.ip().is_loopback() && settings.public_url.starts_with("http://") && !at_home
    {
        warn(
            "links: TOURNEE_PUBLIC_URL is not https, so links and sign-ins travel in the clear; put a proxy with a certificate in front",
        );
    }
    if settings.clock.is_some() {
        warn(
            "clock: TOURNEE_CLOCK is set: the server starts at that moment, not now; unset it outside of tests",
        );
    }
    if settings.twilio.auth_token.is_none() && settings.outbound == Outbound::Sandbox {
        warn(
            "texts: TOURNEE_TWILIO_AUTH_TOKEN is not set, so incoming texts are refused; set it when there is a Twilio account",
        );
    }
    found
}

fn data_folder(folder: &Path) -> Finding {
    let shown = folder.display();
    // The server makes the folder when it starts; what counts is whether it may.
    let existing = folder.ancestors().find(|path| path.exists() || path.as_os_str().is_empty());
    let existing = existing.filter(|path| !path.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let probe = existing.join(format!(".tournee-doctor-{}", std::process::id()));
    match fs::write(&probe, b"x").and_then(|()| fs::remove_file(&probe)) {
        Ok(()) if folder.exists() => Fine(format!("data folder: {shown} can be written")),
        Ok(()) => Fine(format!("data folder: {shown} will be made at the first start")),
        Err(error) => Wrong(format!(
            "data folder: {shown} cannot be written ({error}); give it to the user who runs tournee, or name another with --data"
        )),
    }
}

/// The road network, where one is named.
fn roads(routing: &Routing) -> Option<Finding> {
    let Routing::Roads(file) = routing else { return None };
    Some(match crate::roads::load(file) {
        Ok(network) => {
            let (stretches, ..) = network.counts();
            Fine(format!("routing: {} holds {stretches} stretches of road", file.display()))
        }
        Err(error) => Wrong(format!(
            "routing: {error}; name another file in TOURNEE_ROUTING, or make it by `tournee roads build`"
        )),
    })
}

/// Whether the OSRM server answers. The two places are in the sea: nobody's address is told.
async fn osrm(address: &str) -> Finding {
    let sea = [scheduler::Point::new(0.0, 0.0), scheduler::Point::new(0.001, 0.001)];
    let asked = match crate::integrations::osrm::Api::new(address) {
        Ok(api) => api.table(&sea).await.map(|_| ()),
        Err(fault) => Err(fault),
    };
    match asked {
        Ok(()) => Fine("routing: the OSRM server answers".to_owned()),
        // It has no road there, and said so.
        Err(crate::integrations::osrm::Fault::Status(400)) => {
            Fine("routing: the OSRM server answers".to_owned())
        }
        Err(fault) => Wrong(format!(
            "routing: {fault}; check TOURNEE_ROUTING, until then travel times are estimated"
        )),
    }
}

async fn far(settings: &Settings) -> Vec<Finding> {
    let mut found = store(&settings.database).await;
    if settings.outbound != Outbound::Sandbox && settings.twilio.can_send() {
        found.push(twilio(settings).await);
    }
    if settings.traccar.url.is_some() {
        found.push(traccar(settings).await);
    }
    if let Routing::Osrm(address) = &settings.routing {
        found.push(osrm(address).await);
    }
    if settings.outbound != Outbound::Sandbox && settings.smtp_url.is_some() {
        found.push(mail(settings).await);
    }
    found
}

async fn store(database: &Database) -> Vec<Finding> {
    match database {
        Database::Sqlite(path) if !path.exists() => {
            vec![Fine(format!("store: {} will be made at the first start", path.display()))]
        }
        Database::Sqlite(path) => vec![match check_sqlite(path).await {
            Ok(head) => Fine(format!("store: whole; the journal stands at {head}")),
            Err(error) => Wrong(format!(
                "store: {error}; stop the server, keep {} aside and restore the newest backup",
                path.display()
            )),
        }],
        Database::Postgres(url) => match Store::postgres(url).await {
            Err(error) => vec![Wrong(format!(
                "store: {error}; check the address in TOURNEE_DATABASE_URL, and that the server runs and lets this user in"
            ))],
            Ok(mut store) => look_into(&mut store).await,
        },
    }
}

async fn look_into(store: &mut Store) -> Vec<Finding> {
    let mut found = vec![match (store.is_empty().await, store.journal_head().await) {
        (Ok(true), _) => Fine("store: empty; tables will be made at the first start".to_owned()),
        (_, Ok(head)) => Fine(format!("store: answers; the journal stands at {head}")),
        (_, Err(error)) => Wrong(format!("store: {error}; name another database")),
    }];
    let here = actors::engine::clock::Clock::system().now().as_microsecond();
    if let Ok(Some(there)) = store.clock_us().await {
        let apart_s = (there - here).abs() / 1_000_000;
        found.push(if apart_s <= 2 {
            Fine("clock: this machine and the database agree".to_owned())
        } else {
            Wrong(format!(
                "clock: this machine and the database are {apart_s} s apart; let both keep time by NTP"
            ))
        });
    }
    found
}

fn client() -> Result<reqwest::Client, String> {
    crate::integrations::install_tls();
    reqwest::Client::builder()
        .timeout(Duration::from_secs(5))
        .redirect(reqwest::redirect::Policy::none())
        .build()
        .map_err(|error| error.to_string())
}

/// What an answer to a question with credentials means.
async fn judged(
    name: &str,
    mend: &str,
    request: Result<reqwest::RequestBuilder, String>,
) -> Finding {
    let request = match request {
        Ok(request) => request,
        Err(error) => return Wrong(format!("{name}: {error}")),
    };
    match request.send().await.map(|answer| answer.status().as_u16()) {
        Ok(200..=299) => Fine(format!("{name}: answers and knows us")),
        Ok(401 | 403) => Wrong(format!("{name}: refuses our credentials; check {mend}")),
        Ok(404) => Wrong(format!("{name}: knows nothing at this address; check {mend}")),
        Ok(status) => Wrong(format!("{name}: answers with {status}; try again later")),
        Err(error) => {
            let why = if error.is_timeout() { "does not answer" } else { "cannot be reached" };
            Wrong(format!("{name}: {why}; check {mend} and the way out of this machine"))
        }
    }
}

async fn twilio(settings: &Settings) -> Finding {
    let twilio = &settings.twilio;
    let (sid, token) = (twilio.account_sid.as_deref(), twilio.auth_token.as_ref());
    let sid = sid.unwrap_or_default();
    let address = format!("{}/2010-04-01/Accounts/{sid}.json", twilio.api_base);
    let request =
        client().map(|c| c.get(address).basic_auth(sid, token.map(|token| token.expose())));
    judged("Twilio", "TOURNEE_TWILIO_ACCOUNT_SID and TOURNEE_TWILIO_AUTH_TOKEN", request).await
}

async fn traccar(settings: &Settings) -> Finding {
    let traccar = &settings.traccar;
    let address = format!("{}/api/session", traccar.url.as_deref().unwrap_or_default());
    let request = client().map(|client| match (&traccar.token, &traccar.basic) {
        (Some(token), _) => client.get(format!("{address}?token={}", token.expose())),
        (None, Some((user, password))) => client
            .get(address.replace("session", "devices"))
            .basic_auth(user, Some(password.expose())),
        (None, None) => client.get(address),
    });
    judged("Traccar", "TOURNEE_TRACCAR_URL and TOURNEE_TRACCAR_TOKEN", request).await
}

async fn mail(settings: &Settings) -> Finding {
    let url = settings.smtp_url.as_ref().and_then(|url| reqwest::Url::parse(url.expose()).ok());
    let place =
        url.as_ref().and_then(|url| Some((url.host_str()?.to_owned(), url.port().unwrap_or(587))));
    let Some(place) = place else {
        return Wrong("mail: TOURNEE_SMTP_URL has no host".to_owned());
    };
    let connect = tokio::net::TcpStream::connect(place);
    match tokio::time::timeout(Duration::from_secs(5), connect).await {
        Ok(Ok(_)) => Fine("mail: the server can be reached".to_owned()),
        _ => Wrong("mail: the server cannot be reached; check TOURNEE_SMTP_URL and the way out of this machine".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Sources;

    fn settings(environment: &[(&str, &str)]) -> Settings {
        let environment =
            environment.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect();
        Sources { environment, ..Sources::default() }.load().unwrap().settings
    }

    fn warned(environment: &[(&str, &str)], of: &str) -> bool {
        doors(&settings(environment))
            .iter()
            .any(|finding| matches!(finding, Warning(text) if text.contains(of)))
    }

    #[test]
    fn an_open_positions_door_and_a_short_token_are_warned_of() {
        assert!(warned(&[], "TOURNEE_OSMAND_SECRET"));
        assert!(!warned(&[("TOURNEE_OSMAND_SECRET", "x")], "TOURNEE_OSMAND_SECRET"));
        assert!(warned(&[("TOURNEE_ADMIN_TOKEN", "short")], "TOURNEE_ADMIN_TOKEN"));
        assert!(warned(&[("TOURNEE_CLOCK", "2026-11-23T09:50:00-05:00")], "TOURNEE_CLOCK"));
    }

    #[test]
    fn links_that_only_this_machine_can_open_are_warned_of_once_texts_leave() {
        let allow = [("TOURNEE_OUTBOUND", "allowlist"), ("TOURNEE_OUTBOUND_ALLOW", "a@b.ca")];
        assert!(warned(&allow, "TOURNEE_PUBLIC_URL"));
        assert!(!warned(&[], "TOURNEE_PUBLIC_URL"));
    }

    #[test]
    fn a_road_network_that_is_not_there_is_wrong_and_the_estimate_needs_none() {
        let routing = |value| settings(&[("TOURNEE_ROUTING", value)]).routing;
        assert_eq!(roads(&routing("estimate")), None);
        let found = roads(&routing("roads:/nowhere/qc.roads"));
        assert!(matches!(found, Some(Wrong(text)) if text.contains("/nowhere/qc.roads")));
    }

    #[tokio::test]
    async fn an_osrm_server_that_cannot_be_reached_is_wrong() {
        crate::integrations::install_tls();
        let found = osrm("http://127.0.0.1:9").await;
        assert!(matches!(found, Wrong(text) if text.contains("TOURNEE_ROUTING")));
    }

    #[test]
    fn a_data_folder_that_cannot_be_made_is_wrong() {
        assert!(matches!(data_folder(Path::new("/proc/tournee/data")), Wrong(_)));
        assert!(matches!(data_folder(&std::env::temp_dir()), Fine(_)));
    }
}
