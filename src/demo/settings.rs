//! The settings of a demonstration: what was given, but with a throw-away folder and a telephone company on this machine.
//! **Invariant:** whatever credentials the environment holds, none of them is used; nothing can be sent, followed or fetched outside.

use std::net::SocketAddr;
use std::path::Path;

use crate::config::{Database, Outbound, Secret, Settings, Traccar, Twilio};

/// What the demonstration makes up for one run.
pub struct MadeUp<'a> {
    /// Holds the database; removed at the end.
    pub folder: &'a Path,
    pub admin_token: Secret,
    pub exchange: SocketAddr,
    pub account: String,
    pub auth_token: Secret,
    pub from: String,
    /// The numbers of the invented people: the only ones that the telephone company serves.
    pub numbers: Vec<String>,
}

/// The settings to start the server with.
pub fn settings(given: &Settings, made_up: MadeUp<'_>) -> Settings {
    Settings {
        data: made_up.folder.to_path_buf(),
        database: Database::Sqlite(made_up.folder.join("tournee.db")),
        admin_token: Some(made_up.admin_token),
        clock: None,
        // Texts to the invented numbers go to the pocket telephone company; every other text stays in the sandbox.
        outbound: Outbound::Allowlist,
        outbound_allow: made_up.numbers,
        twilio: Twilio {
            account_sid: Some(made_up.account),
            auth_token: Some(made_up.auth_token),
            from: Some(made_up.from),
            messaging_service_sid: None,
            api_base: format!("http://{}", made_up.exchange),
        },
        traccar: Traccar { url: None, token: None, basic: None, forward_token: None },
        osmand_secret: None,
        smtp_url: None,
        ..given.clone()
    }
}

#[cfg(test)]
mod tests {
    use super::{MadeUp, settings};
    use crate::config::{Outbound, Secret, Sources};

    #[test]
    fn no_real_account_survives_in_a_demonstration() {
        let real = [
            ("TOURNEE_OUTBOUND", "live"),
            ("TOURNEE_TWILIO_ACCOUNT_SID", "ACreal"),
            ("TOURNEE_TWILIO_AUTH_TOKEN", "real-token"),
            ("TOURNEE_TWILIO_FROM", "+15145550000"),
            ("TOURNEE_TRACCAR_URL", "https://traccar.example"),
            ("TOURNEE_TRACCAR_TOKEN", "real-token"),
            ("TOURNEE_SMTP_URL", "smtp://user:pass@mail.example:587?tls=required"),
            ("TOURNEE_DATABASE_URL", "postgres://user:pass@db.example/real"),
        ];
        let environment = real.map(|(name, value)| (name.to_owned(), value.to_owned()));
        let sources = Sources { environment: environment.to_vec(), ..Sources::default() };
        let given = sources.load().unwrap().settings;
        let demo = settings(
            &given,
            MadeUp {
                folder: std::path::Path::new("throw-away"),
                admin_token: Secret::new("admin"),
                exchange: "127.0.0.1:4010".parse().unwrap(),
                account: "ACdemo".to_owned(),
                auth_token: Secret::new("demo"),
                from: "+14505550100".to_owned(),
                numbers: vec!["+14505550101".to_owned()],
            },
        );
        assert_eq!(demo.outbound, Outbound::Allowlist);
        assert_eq!(demo.twilio.api_base, "http://127.0.0.1:4010");
        assert!(demo.traccar.url.is_none() && demo.smtp_url.is_none() && demo.clock.is_none());
        let all = format!("{demo:?} {}", demo.twilio.auth_token.as_ref().unwrap().expose());
        assert!(!all.contains("real") && !all.contains("example"), "{all}");
    }
}
