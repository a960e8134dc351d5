//! The closed list of settings: names, defaults, what each is for. The README's table and `doctor` follow it.
//! It never holds a value that somebody set.

/// One setting's name and meaning.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Key {
    /// The name in `tournee.toml`; the variable is `TOURNEE_` and this in capitals.
    pub name: &'static str,
    /// What is used when nobody sets it, as it would be written.
    pub default: Option<&'static str>,
    /// Whether its value must never be shown.
    pub secret: bool,
    /// One line for a person.
    pub about: &'static str,
}

impl Key {
    /// The environment variable's name.
    pub fn variable(&self) -> String {
        format!("TOURNEE_{}", self.name.to_ascii_uppercase())
    }
}

const fn plain(name: &'static str, default: Option<&'static str>, about: &'static str) -> Key {
    Key { name, default, secret: false, about }
}

const fn hidden(name: &'static str, about: &'static str) -> Key {
    Key { name, default: None, secret: true, about }
}

/// Every setting there is, in the order in which the README explains them.
pub const KEYS: &[Key] = &[
    plain("listen", Some("127.0.0.1:3300"), "address and port of the server"),
    plain("data", Some("./data"), "folder of the embedded database and of generated secrets"),
    hidden("database_url", "postgres://… or sqlite:FILE; unset: tournee.db in the data folder"),
    hidden("admin_token", "an API token of role admin"),
    plain("trusted_proxies", None, "networks whose X-Authentik-* headers are believed"),
    plain("headquarters", Some("45.05,-73.58"), "latitude,longitude where maps open"),
    plain("company", Some("Tournée"), "the name that texts and pages bear"),
    plain("public_url", None, "origin of the links in texts; unset: the listening address"),
    plain("clock", None, "start the clock at this RFC 3339 moment; not with live sending"),
    plain("timezone", Some("America/Toronto"), "zone of days and of shown times"),
    plain("language", Some("fr"), "fr or en, for people who have none set"),
    plain("outbound", Some("sandbox"), "sandbox, allowlist or live: what may leave the machine"),
    plain("outbound_allow", None, "numbers and addresses that allowlist lets through"),
    plain("twilio_account_sid", None, "Twilio account"),
    hidden("twilio_auth_token", "Twilio auth token; also checks incoming webhooks"),
    plain("twilio_from", None, "number that texts come from"),
    plain("twilio_messaging_service_sid", None, "Twilio Messaging Service, instead of a number"),
    plain("twilio_api_base", Some("https://api.twilio.com"), "base address of Twilio's REST API"),
    plain("traccar_url", None, "Traccar server to follow"),
    hidden("traccar_token", "Traccar API token"),
    plain("traccar_user", None, "Traccar user, where there is no token"),
    hidden("traccar_password", "password of that user"),
    hidden("traccar_forward_token", "token that Traccar shows when it forwards positions to us"),
    hidden("osmand_secret", "secret path segment of the phone app's door"),
    hidden("smtp_url", "smtp://user:pass@host:587?tls=required"),
    plain("routing", Some("estimate"), "where travel times come from"),
    plain("undo_seconds", Some("10"), "how long a text waits so that undo can recall it"),
    plain("map_style_url", None, "map style to use instead of the built-in background"),
    plain("nominatim_url", None, "Nominatim server to ask for addresses that no file knows"),
    plain("late_threshold_min", Some("10"), "tell a customer when a promise slips by so much"),
    plain(
        "holidays",
        Some("quebec"),
        "quebec or none, and days to add or (with a minus) to leave out",
    ),
    plain("log", Some("info"), "log filter, for example warn or tournee=debug"),
];

/// Variables that begin like settings and are none: the build's, the tests', and the file's own place.
pub(super) const OTHER_VARIABLES: &[&str] = if cfg!(debug_assertions) {
    &["TOURNEE_CONFIG", "TOURNEE_NO_UI", "TOURNEE_SHARED", "TOURNEE_BREAK"]
} else {
    &["TOURNEE_CONFIG", "TOURNEE_NO_UI", "TOURNEE_SHARED"]
};

/// The setting of this name in any spelling (`TOURNEE_OUTBOUND`, `outbound`).
pub(super) fn find(name: &str) -> Option<&'static Key> {
    let bare = bare(name);
    KEYS.iter().find(|key| key.name == bare)
}

/// The setting whose name is nearest to a wrong one, when it is near enough to be meant.
pub(super) fn nearest(name: &str) -> Option<&'static Key> {
    let bare = bare(name);
    let (distance, key) =
        KEYS.iter().map(|key| (edits(&bare, key.name), key)).min_by_key(|(d, _)| *d)?;
    (distance <= 2 + bare.len() / 6).then_some(key)
}

fn bare(name: &str) -> String {
    let lower = name.to_ascii_lowercase();
    lower.strip_prefix("tournee_").unwrap_or(&lower).to_owned()
}

/// Levenshtein's distance, one row at a time.
fn edits(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, y) in b.iter().enumerate() {
            let replaced = diagonal + usize::from(x != *y);
            diagonal = row[j + 1];
            row[j + 1] = replaced.min(row[j] + 1).min(diagonal + 1);
        }
    }
    row[b.len()]
}
