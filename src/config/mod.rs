//! Every setting of the server, read once at start-up and typed from then on.
//!
//! `main.rs` and `cli/` load it; everything else is handed a `&Settings` and never reads the environment itself.
//! A setting comes from a flag, else the environment, else `tournee.toml`, else its default. A value that cannot
//! be right stops the start by the setting's name; the value of a secret is never part of any text.

mod keys;
mod load;
mod secret;
mod values;

use std::net::SocketAddr;
use std::path::PathBuf;

use jiff::Timestamp;

pub use keys::{KEYS, Key};
pub use load::{Flags, Loaded, SettingError, Source, Sources};
pub use secret::Secret;
pub use values::{Cidr, Database, Language, Outbound, Point, Routing, Zone};

/// All settings, checked for sense alone and together.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Address and port to listen on.
    pub listen: SocketAddr,
    /// Folder of the embedded database, uploads and generated secrets.
    pub data: PathBuf,
    /// Where the journal and the rows live.
    pub database: Database,
    /// Bootstrap API token of role `admin`.
    pub admin_token: Option<Secret>,
    /// Networks whose identity headers are believed; empty means nobody's.
    pub trusted_proxies: Vec<Cidr>,
    /// Where maps open.
    pub headquarters: Point,
    /// The name that texts and pages bear.
    pub company: String,
    /// Origin of links that leave the house, without a slash at its end.
    pub public_url: String,
    /// The moment at which the server's clock starts, instead of now.
    pub clock: Option<Timestamp>,
    /// The zone in which days begin and times are shown.
    pub timezone: Zone,
    /// Language of a person who has none set.
    pub language: Language,
    /// What may leave the machine.
    pub outbound: Outbound,
    /// Numbers (E.164) and addresses (lower case) that `Outbound::Allowlist` lets through.
    pub outbound_allow: Vec<String>,
    /// Twilio's account, as far as it is set.
    pub twilio: Twilio,
    /// The Traccar server to follow, as far as it is set.
    pub traccar: Traccar,
    /// Secret path segment of the OsmAnd door.
    pub osmand_secret: Option<Secret>,
    /// Mail server, with its credentials.
    pub smtp_url: Option<Secret>,
    /// Where travel times come from.
    pub routing: Routing,
    /// How long a text waits, in seconds, so that undo can recall it.
    pub undo_s: u32,
    /// A map style to use instead of the built-in background.
    pub map_style_url: Option<String>,
    /// Where addresses are asked for that no file knows.
    pub nominatim_url: Option<String>,
    /// A customer is told when the last promise will be missed by this many minutes.
    pub late_threshold_min: u32,
    /// Days on which jobs that come again are skipped or shifted.
    pub holidays: actors::series::holidays::Holidays,
    /// Filter of the log, in tracing's own notation.
    pub log: String,
}

/// Twilio's settings. Incoming webhooks need the token alone; sending needs `account`.
#[derive(Debug, Clone)]
pub struct Twilio {
    /// `AC…`
    pub account_sid: Option<String>,
    /// Signs webhooks and proves the client.
    pub auth_token: Option<Secret>,
    /// The number that texts come from.
    pub from: Option<String>,
    /// `MG…`, in place of a number.
    pub messaging_service_sid: Option<String>,
    /// Base address of the REST API, without a slash at its end.
    pub api_base: String,
}

impl Twilio {
    /// Whether everything that sending needs is set.
    pub fn can_send(&self) -> bool {
        self.account_sid.is_some()
            && self.auth_token.is_some()
            && (self.from.is_some() || self.messaging_service_sid.is_some())
    }
}

/// The Traccar server's settings.
#[derive(Debug, Clone)]
pub struct Traccar {
    /// Base address, without a slash at its end; `None`: no server is followed.
    pub url: Option<String>,
    /// Bearer token.
    pub token: Option<Secret>,
    /// Fall-back of the token: user and password.
    pub basic: Option<(String, Secret)>,
    /// Bearer token that Traccar must show when it forwards to us.
    pub forward_token: Option<Secret>,
}

#[cfg(test)]
mod tests;
