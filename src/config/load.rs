//! From flags, environment and `tournee.toml` to checked `Settings`. Sources are handed in, so that tests need
//! no process environment; only `Sources::from_process` looks outside.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::{fmt, fs};

use clap::Args;
use thiserror::Error;

use super::keys::{self, KEYS};
use super::values::{
    self, Database, Outbound, any, clock, company, listen, log_filter, own, whole,
};
use super::{Secret, Settings, Traccar, Twilio};

/// The settings that are flags as well; they win over every other source.
#[derive(Debug, Default, Clone, Args)]
pub struct Flags {
    /// Address and port to listen on [default: 127.0.0.1:3300]
    #[arg(long, global = true, value_name = "ADDRESS:PORT")]
    pub listen: Option<String>,
    /// Folder of the embedded database, uploads and secrets [default: ./data]
    #[arg(long, global = true, value_name = "FOLDER")]
    pub data: Option<PathBuf>,
    /// Use this PostgreSQL server (postgres://…) or file (sqlite:FILE) instead
    #[arg(long, global = true, value_name = "URL")]
    pub database_url: Option<String>,
    /// Read settings from this file [default: tournee.toml, where there is one]
    #[arg(long, global = true, value_name = "FILE")]
    pub config: Option<PathBuf>,
}

/// Where a value came from, for the sentence that says what to mend.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    /// A command line flag.
    Flag,
    /// An environment variable.
    Environment,
    /// `tournee.toml`.
    File,
    /// The default.
    Default,
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Flag => "flag",
            Self::Environment => "environment",
            Self::File => "tournee.toml",
            Self::Default => "default",
        })
    }
}

/// Why the settings cannot be used; names the setting, never its value.
#[derive(Debug, Error)]
pub enum SettingError {
    /// One value is wrong by itself.
    #[error("{variable} ({source_}) {reason}")]
    Wrong {
        /// `TOURNEE_…`
        variable: String,
        /// Where the value came from.
        source_: Source,
        /// What is wrong, to be read after the name.
        reason: String,
    },
    /// Values that do not go together.
    #[error("{0}")]
    Contradiction(String),
    /// The file of settings cannot be used.
    #[error("{path}: {reason}")]
    File {
        /// As it was given.
        path: String,
        /// Why.
        reason: String,
    },
}

/// Settings, and what should be said aloud about them once the log is open.
#[derive(Debug)]
pub struct Loaded {
    /// The settings.
    pub settings: Settings,
    /// Sentences for the log: unknown names, with the nearest known one.
    pub warnings: Vec<String>,
    /// Where each setting's value came from, by its name.
    pub sources: BTreeMap<&'static str, Source>,
}

/// Everything settings are read from.
#[derive(Debug, Default)]
pub struct Sources {
    /// The command line.
    pub flags: Flags,
    /// The environment; names that do not begin with `TOURNEE_` are ignored.
    pub environment: Vec<(String, String)>,
    /// The text of `tournee.toml`.
    pub file: Option<String>,
}

impl Sources {
    /// Reads the process environment and the settings file.
    ///
    /// # Errors
    /// A file that was named and cannot be read, or the default one when it exists and cannot be read.
    pub fn from_process(flags: Flags) -> Result<Self, SettingError> {
        let environment: Vec<(String, String)> = std::env::vars_os()
            .filter_map(|(name, value)| Some((name.into_string().ok()?, value)))
            .filter(|(name, _)| name.starts_with("TOURNEE_"))
            .map(|(name, value)| (name, value.to_string_lossy().into_owned()))
            .collect();
        let named = flags.config.clone().or_else(|| {
            environment.iter().find(|(name, _)| name == "TOURNEE_CONFIG").map(|(_, v)| v.into())
        });
        let file = match named {
            Some(path) => Some(read(&path)?),
            None if Path::new("tournee.toml").exists() => Some(read(Path::new("tournee.toml"))?),
            None => None,
        };
        Ok(Self { flags, environment, file })
    }

    /// Merges the sources (flag, environment, file, default) and checks every value.
    ///
    /// # Errors
    /// The first setting that is wrong, by its name.
    pub fn load(self) -> Result<Loaded, SettingError> {
        let mut merged = Merged::default();
        merged.add_file(self.file.as_deref())?;
        merged.add_environment(self.environment);
        merged.add_flags(self.flags);
        let settings = merged.settings()?;
        if settings.outbound == Outbound::Allowlist && !settings.twilio.can_send() {
            merged.warnings.push(
                "TOURNEE_OUTBOUND is allowlist but Twilio is not set up: no text will be sent"
                    .to_owned(),
            );
        }
        let sources = KEYS
            .iter()
            .map(|key| (key.name, merged.values.get(key.name).map_or(Source::Default, |v| v.1)))
            .collect();
        Ok(Loaded { settings, warnings: merged.warnings, sources })
    }
}

fn read(path: &Path) -> Result<String, SettingError> {
    fs::read_to_string(path).map_err(|error| SettingError::File {
        path: path.display().to_string(),
        reason: format!("cannot be read: {error}"),
    })
}

/// Values as text, each with the strongest source that gave one.
#[derive(Default)]
struct Merged {
    values: BTreeMap<&'static str, (String, Source)>,
    warnings: Vec<String>,
}

impl Merged {
    fn put(&mut self, name: &str, value: String, source: Source) {
        match keys::find(name) {
            // A variable that is set to nothing is how shells and compose files unset one.
            Some(key) if value.trim().is_empty() => {
                self.values.remove(key.name);
            }
            Some(key) => {
                self.values.insert(key.name, (value.trim().to_owned(), source));
            }
            None => {
                let hint = keys::nearest(name)
                    .map(|key| format!("; did you mean {}?", key.variable()))
                    .unwrap_or_default();
                self.warnings.push(format!("{name} ({source}) is not a setting{hint}"));
            }
        }
    }

    fn add_file(&mut self, text: Option<&str>) -> Result<(), SettingError> {
        let wrong = |reason: String| SettingError::File { path: "tournee.toml".to_owned(), reason };
        let Some(text) = text else { return Ok(()) };
        // The parser's own message quotes the line, which may hold a secret; only its place is passed on.
        let table: toml::Table = text.parse().map_err(|error: toml::de::Error| {
            let line = error.span().map_or(1, |span| {
                1 + text.bytes().take(span.start).filter(|byte| *byte == b'\n').count()
            });
            wrong(format!("line {line} is not TOML"))
        })?;
        for (name, value) in table {
            let text = plain(&value).ok_or_else(|| {
                wrong(format!("{name} must be a text, a number or a list of texts"))
            })?;
            self.put(&name, text, Source::File);
        }
        Ok(())
    }

    fn add_environment(&mut self, environment: Vec<(String, String)>) {
        for (name, value) in environment {
            if name.starts_with("TOURNEE_") && !keys::OTHER_VARIABLES.contains(&name.as_str()) {
                self.put(&name, value, Source::Environment);
            }
        }
    }

    fn add_flags(&mut self, flags: Flags) {
        let data = flags.data.map(|path| path.to_string_lossy().into_owned());
        for (name, value) in
            [("listen", flags.listen), ("data", data), ("database_url", flags.database_url)]
        {
            if let Some(value) = value {
                self.put(name, value, Source::Flag);
            }
        }
    }

    /// The text of a setting: what was set, else its default.
    fn text(&self, name: &str) -> Option<&str> {
        let default = || keys::find(name).and_then(|key| key.default);
        self.values.get(name).map(|(value, _)| value.as_str()).or_else(default)
    }

    fn wrong(&self, name: &str, reason: impl Into<String>) -> SettingError {
        SettingError::Wrong {
            variable: format!("TOURNEE_{}", name.to_ascii_uppercase()),
            source_: self.values.get(name).map_or(Source::Default, |(_, source)| *source),
            reason: reason.into(),
        }
    }

    fn maybe<T>(
        &self,
        name: &str,
        parse: impl Fn(&str) -> Result<T, String>,
    ) -> Result<Option<T>, SettingError> {
        self.text(name).map(parse).transpose().map_err(|reason| self.wrong(name, reason))
    }

    /// A setting that has a default.
    fn must<T>(
        &self,
        name: &str,
        parse: impl Fn(&str) -> Result<T, String>,
    ) -> Result<T, SettingError> {
        self.maybe(name, parse)?.ok_or_else(|| self.wrong(name, "is needed"))
    }

    fn list<T>(
        &self,
        name: &str,
        parse: impl Fn(&str) -> Result<T, String>,
    ) -> Result<Vec<T>, SettingError> {
        let split = |text: &str| {
            text.split(',').map(str::trim).filter(|t| !t.is_empty()).map(&parse).collect()
        };
        Ok(self.maybe(name, split)?.unwrap_or_default())
    }

    fn secret(&self, name: &str) -> Result<Option<Secret>, SettingError> {
        self.maybe(name, |text| {
            if text.chars().any(|c| c.is_whitespace() || c.is_control()) {
                return Err("must not hold spaces".to_owned());
            }
            Ok(Secret::new(text))
        })
    }

    fn settings(&self) -> Result<Settings, SettingError> {
        let listen = self.must("listen", listen)?;
        let data = PathBuf::from(self.must("data", any)?);
        let database = self
            .maybe("database_url", values::database)?
            .unwrap_or_else(|| Database::Sqlite(data.join("tournee.db")));
        let settings = Settings {
            listen,
            data,
            database,
            admin_token: self.secret("admin_token")?,
            trusted_proxies: self.list("trusted_proxies", values::cidr)?,
            headquarters: self.must("headquarters", values::point)?,
            company: self.must("company", company)?,
            public_url: self.maybe("public_url", values::origin)?.unwrap_or_else(|| own(listen)),
            clock: self.maybe("clock", clock)?,
            timezone: self.must("timezone", values::zone)?,
            language: self.must("language", values::language)?,
            outbound: self.must("outbound", values::outbound)?,
            outbound_allow: self.list("outbound_allow", values::recipient)?,
            twilio: Twilio {
                account_sid: self.maybe("twilio_account_sid", any)?,
                auth_token: self.secret("twilio_auth_token")?,
                from: self.maybe("twilio_from", any)?,
                messaging_service_sid: self.maybe("twilio_messaging_service_sid", any)?,
                api_base: self.must("twilio_api_base", values::web_address)?,
            },
            traccar: self.traccar()?,
            osmand_secret: self.secret("osmand_secret")?,
            smtp_url: self.maybe("smtp_url", values::smtp)?,
            routing: self.must("routing", values::routing)?,
            undo_s: self.must("undo_seconds", |text| whole(text, 0, 600))?,
            map_style_url: self.maybe("map_style_url", values::link)?,
            nominatim_url: self.maybe("nominatim_url", values::web_address)?,
            late_threshold_min: self.must("late_threshold_min", |text| whole(text, 1, 240))?,
            holidays: self.must("holidays", values::holidays)?,
            log: self.must("log", log_filter)?,
        };
        check_together(&settings)?;
        Ok(settings)
    }

    fn traccar(&self) -> Result<Traccar, SettingError> {
        let user = self.maybe("traccar_user", any)?;
        let basic = match (user, self.secret("traccar_password")?) {
            (Some(user), Some(password)) => Some((user, password)),
            (None, None) => None,
            (Some(_), None) => return Err(self.wrong("traccar_password", "is missing")),
            (None, Some(_)) => return Err(self.wrong("traccar_user", "is missing")),
        };
        let url = self.maybe("traccar_url", values::web_address)?;
        let token = self.secret("traccar_token")?;
        if url.is_some() && token.is_none() && basic.is_none() {
            return Err(self.wrong(
                "traccar_url",
                "needs TOURNEE_TRACCAR_TOKEN, or TOURNEE_TRACCAR_USER and _PASSWORD",
            ));
        }
        Ok(Traccar { url, token, basic, forward_token: self.secret("traccar_forward_token")? })
    }
}

fn check_together(settings: &Settings) -> Result<(), SettingError> {
    let refuse = |text: &str| Err(SettingError::Contradiction(text.to_owned()));
    match settings.outbound {
        Outbound::Live if settings.clock.is_some() => refuse(
            "TOURNEE_CLOCK is refused while TOURNEE_OUTBOUND is live: real people would be told wrong times",
        ),
        Outbound::Live if !settings.twilio.can_send() => refuse(
            "TOURNEE_OUTBOUND is live but TOURNEE_TWILIO_ACCOUNT_SID, TOURNEE_TWILIO_AUTH_TOKEN and TOURNEE_TWILIO_FROM (or TOURNEE_TWILIO_MESSAGING_SERVICE_SID) are not all set",
        ),
        Outbound::Allowlist if settings.outbound_allow.is_empty() => {
            refuse("TOURNEE_OUTBOUND is allowlist but TOURNEE_OUTBOUND_ALLOW is empty")
        }
        _ => Ok(()),
    }
}

/// What a TOML value reads as; `None` for a table, which no setting is.
fn plain(value: &toml::Value) -> Option<String> {
    match value {
        toml::Value::String(text) => Some(text.clone()),
        toml::Value::Integer(number) => Some(number.to_string()),
        toml::Value::Float(number) => Some(number.to_string()),
        toml::Value::Boolean(flag) => Some(flag.to_string()),
        toml::Value::Array(items) => {
            items.iter().map(plain).collect::<Option<Vec<_>>>().map(|texts| texts.join(","))
        }
        toml::Value::Datetime(moment) => Some(moment.to_string()),
        toml::Value::Table(_) => None,
    }
}
