//! Signed, single-purpose, revocable links: a JWT for one audience, about one thing, until a moment. A link of one
//! audience is worth nothing to another. No secret of a link is ever stored; a revoked one is known by its id.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation, decode, encode};
use serde::{Deserialize, Serialize};

/// Who a link is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Audience {
    /// A technician's day.
    Tech,
    /// A customer's visit.
    Track,
    /// A calendar.
    Ical,
}

impl Audience {
    fn word(self) -> &'static str {
        match self {
            Self::Tech => "tech",
            Self::Track => "track",
            Self::Ical => "ical",
        }
    }

    /// How long a link of this audience holds.
    pub fn lifetime(self) -> SignedDuration {
        match self {
            Self::Tech => SignedDuration::from_hours(24),
            Self::Track => SignedDuration::from_hours(24 * 30),
            Self::Ical => SignedDuration::from_hours(24 * 365 * 5),
        }
    }
}

/// A text has little room, so a link says nothing twice: of an id that begins with audience and subject the rest alone is
/// kept, and nothing of one that is no more than both.
#[derive(Debug, Serialize, Deserialize)]
struct Claims {
    aud: String,
    sub: String,
    exp: i64,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    jti: String,
}

impl Claims {
    fn shortened<'a>(audience: Audience, subject: &str, id: &'a str) -> &'a str {
        let rest = id.strip_prefix(audience.word()).and_then(|rest| rest.strip_prefix(':'));
        match rest.and_then(|rest| rest.strip_prefix(subject)) {
            Some(rest) if rest.is_empty() || rest.starts_with(':') => rest,
            _ => id,
        }
    }

    fn id(&self) -> String {
        if self.jti.is_empty() || self.jti.starts_with(':') {
            format!("{}:{}{}", self.aud, self.sub, self.jti)
        } else {
            self.jti.clone()
        }
    }
}

/// What a good link says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// What it is about: a technician's, job's id.
    pub subject: String,
    /// Its id, for revoking it.
    pub id: Arc<str>,
    /// Until when it holds.
    pub expires_at: Timestamp,
}

/// Why a link opens nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Worthless {
    /// It was good once.
    #[error("this link has expired")]
    Expired,
    /// Forged, altered, for another audience, or not a link at all.
    #[error("this link is not valid")]
    Invalid,
}

/// Makes and checks links.
#[derive(Clone)]
pub struct Links {
    sign: EncodingKey,
    check: DecodingKey,
}

impl std::fmt::Debug for Links {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Links")
    }
}

impl Links {
    /// With the house's secret: 32 bytes or more of entropy.
    pub fn new(secret: &[u8]) -> Self {
        Self { sign: EncodingKey::from_secret(secret), check: DecodingKey::from_secret(secret) }
    }

    /// A link about `subject`, with an id to revoke it by. Its lifetime is counted from `now`, which may lie ahead: a
    /// customer's link holds until after their visit.
    pub fn make(&self, audience: Audience, subject: &str, id: &str, now: Timestamp) -> String {
        // The end is rounded up to the hour, so that two texts of one hour bear the same link.
        let exp = (now + audience.lifetime()).as_second();
        let exp = exp + 3600 - exp.rem_euclid(3600);
        let claims = Claims {
            aud: audience.word().to_owned(),
            sub: subject.to_owned(),
            exp,
            jti: Claims::shortened(audience, subject, id).to_owned(),
        };
        // Strings and a number always serialise, and HS256 takes any secret.
        let header = Header { typ: None, ..Header::new(Algorithm::HS256) };
        encode(&header, &claims, &self.sign).unwrap_or_default()
    }

    /// What a token says, if it is good at `now` for `audience`. Revocation is the caller's to check.
    ///
    /// # Errors
    /// [`Worthless`].
    pub fn read(&self, audience: Audience, token: &str, now: Timestamp) -> Result<Link, Worthless> {
        let mut rules = Validation::new(Algorithm::HS256);
        rules.set_audience(&[audience.word()]);
        rules.set_required_spec_claims(&["exp", "aud", "sub"]);
        // Time is the house's clock, which may not be the machine's.
        rules.validate_exp = false;
        let claims =
            decode::<Claims>(token, &self.check, &rules).map_err(|_| Worthless::Invalid)?.claims;
        if claims.exp <= now.as_second() {
            return Err(Worthless::Expired);
        }
        let expires_at = Timestamp::from_second(claims.exp).map_err(|_| Worthless::Invalid)?;
        let id = claims.id().into();
        Ok(Link { subject: claims.sub, id, expires_at })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn now() -> Timestamp {
        "2026-11-23T14:00:00Z".parse().unwrap()
    }

    #[test]
    fn a_link_opens_for_its_audience_only_and_until_its_end() {
        let links = Links::new(&[7; 32]);
        let token = links.make(Audience::Tech, "tech_1", "tech:tech_1", now());
        assert_eq!(links.read(Audience::Tech, &token, now()).unwrap().subject, "tech_1");
        assert_eq!(links.read(Audience::Track, &token, now()), Err(Worthless::Invalid));
        assert_eq!(links.read(Audience::Ical, &token, now()), Err(Worthless::Invalid));
        let later = now() + SignedDuration::from_hours(26);
        assert_eq!(links.read(Audience::Tech, &token, later), Err(Worthless::Expired));
    }

    #[test]
    fn a_link_is_short_and_keeps_its_id() {
        let links = Links::new(&[7; 32]);
        for id in ["track:job_1", "track:job_1:2", "track:job_12", "other", "tech:job_1"] {
            let token = links.make(Audience::Track, "job_1", id, now());
            assert_eq!(&*links.read(Audience::Track, &token, now()).unwrap().id, id);
        }
        let job = "job_019ab3c4d5e67890abcdef1234567890";
        let token = links.make(Audience::Track, job, &format!("track:{job}"), now());
        assert!(token.len() < 170, "{} characters", token.len());
    }

    #[test]
    fn a_link_of_an_earlier_release_opens_still() {
        let claims = r#"{"aud":"tech","sub":"tech_1","exp":9999999999,"jti":"tech:tech_1:3"}"#;
        let claims: serde_json::Value = serde_json::from_str(claims).unwrap();
        let key = EncodingKey::from_secret(&[7; 32]);
        let token = encode(&Header::new(Algorithm::HS256), &claims, &key).unwrap();
        let link = Links::new(&[7; 32]).read(Audience::Tech, &token, now()).unwrap();
        assert_eq!((link.subject.as_str(), &*link.id), ("tech_1", "tech:tech_1:3"));
    }

    #[test]
    fn an_altered_foreign_or_unsigned_link_opens_nothing() {
        let links = Links::new(&[7; 32]);
        let token = links.make(Audience::Track, "job_1", "track:job_1", now());
        let foreign = Links::new(&[8; 32]).make(Audience::Track, "job_1", "track:job_1", now());
        let mut altered = token.clone();
        altered.replace_range(token.len() - 4.., "AAAA");
        let none = "eyJhbGciOiJub25lIiwidHlwIjoiSldUIn0.eyJhdWQiOiJ0cmFjayIsInN1YiI6ImpvYl8xIiwiZXhwIjo5OTk5OTk5OTk5LCJqdGkiOiJ4In0.";
        for bad in [foreign.as_str(), altered.as_str(), none, "", "x.y.z"] {
            assert_eq!(links.read(Audience::Track, bad, now()), Err(Worthless::Invalid), "{bad}");
        }
    }
}
