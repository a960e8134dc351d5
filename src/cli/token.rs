//! `token create`: an API token, printed once. Where a server runs on the store it is asked, since it alone writes;
//! else the event is written to the journal here, and no worker is started for it.

use std::io::{self, Write as _};
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::time::Duration;

use actors::auth::protocol::{ApiToken, AuthEvent, Role};
use actors::engine::clock::Clock;
use actors::engine::journal::{Journal, Write};
use actors::event::Room;
use actors::ids::TokenId;
use rand::RngExt;
use serde_json::{Value, json};

use super::sole::{self, Taken};
use super::{Failure, wait_for};
use crate::auth::keys::hash;
use crate::config::{Database, Settings};
use crate::journal::SqlJournal;
use crate::journal::database::Opened;

/// Makes a token of this name and role and prints it.
pub(super) fn create(settings: &Settings, name: &str, role: Role) -> Result<(), Failure> {
    if name.trim().is_empty() {
        return Err(Failure::new("a token needs a name"));
    }
    let is_new = matches!(&settings.database, Database::Sqlite(path) if !path.exists());
    let token = match sole::take(settings)? {
        Taken::Alone(_sole) => wait_for(write_down(settings, name, role))?,
        Taken::InUse => wait_for(ask_server(settings, name, role))?,
    };
    if is_new && let Database::Sqlite(path) = &settings.database {
        writeln!(
            io::stderr(),
            "a new store was made at {}; the token is good for that one only",
            path.display()
        )?;
    }
    // Through no `Failure` and no log: this is the one place where it is meant to be seen.
    Ok(writeln!(io::stdout(), "{token}")?)
}

async fn write_down(settings: &Settings, name: &str, role: Role) -> Result<String, Failure> {
    let clock = Clock::system();
    let chance: [u8; 24] = rand::rng().random();
    let secret = format!("trn_{}", hex::encode(chance));
    let token = ApiToken {
        id: TokenId::new(clock.now(), rand::rng().random()),
        name: name.to_owned(),
        role,
        secret_hash: hash(&secret),
        created_at: clock.now(),
        revoked: false,
    };
    let journal = SqlJournal::start(Opened::open(&settings.database).await?, clock).await?;
    let write = Write {
        room: Room::Auth,
        key: actors::auth::KEY.into(),
        by: "tournee token create".into(),
        cause: None,
        inbox: None,
        act: Default::default(),
        expects: Vec::new(),
        events: vec![AuthEvent::TokenChanged { token: Box::new(token) }.into()],
        errands: Vec::new(),
        alarms: Vec::new(),
    };
    journal.commit(write).await?;
    Ok(secret)
}

async fn ask_server(settings: &Settings, name: &str, role: Role) -> Result<String, Failure> {
    let Some(admin) = &settings.admin_token else {
        return Err(Failure::new(
            "a server is running on this store; give TOURNEE_ADMIN_TOKEN the value it was started with, or stop it first",
        ));
    };
    let address = format!("http://{}/auth/tokens", reachable(settings.listen));
    let client = reqwest::Client::builder().no_proxy().timeout(Duration::from_secs(10)).build()?;
    let body = json!({"name": name, "role": role});
    let answer = client
        .post(&address)
        .bearer_auth(admin.expose())
        .json(&body)
        .send()
        .await
        .map_err(|_| Failure::new(format!("the server that runs on this store does not answer at {address}; name its address with --listen")))?;
    let status = answer.status();
    let answer: Value = answer.json().await.unwrap_or(Value::Null);
    match answer["token"].as_str() {
        Some(token) => Ok(token.to_owned()),
        None => {
            let detail = answer["detail"].as_str().unwrap_or("no reason given");
            Err(Failure::new(format!("the server refused with {status}: {detail}")))
        }
    }
}

/// A server that listens everywhere is reached on this machine.
fn reachable(listen: SocketAddr) -> SocketAddr {
    let ip =
        if listen.ip().is_unspecified() { IpAddr::V4(Ipv4Addr::LOCALHOST) } else { listen.ip() };
    SocketAddr::new(ip, listen.port())
}
