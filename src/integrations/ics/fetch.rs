//! Fetches a calendar file: conditional, bounded in size and time, following few redirects and none to another scheme. No error bears
//! the address.

use std::net::IpAddr;
use std::time::Duration;

use bytes::Bytes;
use reqwest::header::{ACCEPT, ETAG, IF_MODIFIED_SINCE, IF_NONE_MATCH, LAST_MODIFIED};
use reqwest::redirect::{Attempt, Policy};
use reqwest::{StatusCode, Url};

use crate::integrations::{BodyError, read_body};

/// Longest wait for a connection, and for the whole answer.
const CONNECT_LIMIT: Duration = Duration::from_secs(5);
const ANSWER_LIMIT: Duration = Duration::from_secs(10);
/// Largest file.
const BODY_MAX: usize = 5 * 1024 * 1024;
/// Redirects followed.
const REDIRECTS_MAX: usize = 5;
/// Longest address.
const ADDRESS_MAX: usize = 2000;
/// Longest header that is kept to ask with the next time.
const MARK_MAX: usize = 500;

/// Why a calendar could not be fetched. Bears no address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// It is no address of a calendar.
    #[error("this is no http, https or webcal address")]
    Address,
    /// It leads elsewhere too often, or to another scheme.
    #[error("the address leads to one that is not followed")]
    Redirect,
    /// The server does not let us in.
    #[error("the server refuses: {0}")]
    Refused(u16),
    /// There is no such file.
    #[error("there is no such calendar: {0}")]
    Gone(u16),
    /// The server is in trouble.
    #[error("the server answers {0}")]
    Server(u16),
    /// It takes too long.
    #[error("the server takes too long")]
    Slow,
    /// Nobody answers.
    #[error("the server cannot be reached")]
    Unreachable,
    /// The file is too large.
    #[error("the file is too large")]
    TooLarge,
}

impl Fault {
    /// Stable name, for rows and screens.
    pub fn code(self) -> &'static str {
        match self {
            Self::Address => "address",
            Self::Redirect => "redirect",
            Self::Refused(_) => "refused",
            Self::Gone(_) => "gone",
            Self::Server(_) => "server",
            Self::Slow => "slow",
            Self::Unreachable => "unreachable",
            Self::TooLarge => "too_large",
        }
    }
}

/// What the server said last, to ask with the next time.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Marks {
    etag: Option<String>,
    modified: Option<String>,
}

/// What the server has.
#[derive(Clone, Debug)]
pub enum Fetched {
    /// The same as before.
    Unchanged,
    /// This file.
    File { body: Bytes, marks: Marks },
}

/// An address that may be fetched: http or https; webcal is https.
///
/// # Errors
/// [`Fault::Address`].
pub fn address(text: &str) -> Result<Url, Fault> {
    let text = text.trim();
    if text.len() > ADDRESS_MAX {
        return Err(Fault::Address);
    }
    let lower = text.get(..9).unwrap_or(text).to_ascii_lowercase();
    let text = match (lower.starts_with("webcal://"), lower.starts_with("webcals:/")) {
        (true, _) => format!("https://{}", &text[9..]),
        (_, true) => format!("https://{}", text.get(10..).unwrap_or_default()),
        _ => text.to_owned(),
    };
    let url = Url::parse(&text).map_err(|_| Fault::Address)?;
    if may_ask(&url) { Ok(url) } else { Err(Fault::Address) }
}

/// No other scheme, and no machine's own talk with itself on the network (a cloud's metadata).
fn may_ask(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default().trim_matches(['[', ']']);
    let is_odd = match host.parse::<IpAddr>() {
        Ok(IpAddr::V4(ip)) => ip.is_link_local() || ip.is_multicast() || ip.is_unspecified(),
        Ok(IpAddr::V6(ip)) => {
            ip.is_unicast_link_local() || ip.is_multicast() || ip.is_unspecified()
        }
        Err(_) => host.is_empty(),
    };
    matches!(url.scheme(), "http" | "https") && !is_odd
}

fn follow(attempt: Attempt<'_>) -> reqwest::redirect::Action {
    let came_by = attempt.previous();
    let was_safe = came_by.last().is_some_and(|url| url.scheme() == "https");
    let falls = was_safe && attempt.url().scheme() != "https";
    if came_by.len() > REDIRECTS_MAX || falls || !may_ask(attempt.url()) {
        return attempt.error(Fault::Redirect);
    }
    attempt.follow()
}

/// Fetches calendars.
#[derive(Clone, Debug)]
pub struct Client {
    http: reqwest::Client,
}

impl Client {
    /// A client.
    ///
    /// # Errors
    /// [`Fault::Unreachable`] where no client can be made.
    pub fn new() -> Result<Self, Fault> {
        crate::integrations::install_tls();
        let http = reqwest::Client::builder()
            .connect_timeout(CONNECT_LIMIT)
            .timeout(ANSWER_LIMIT)
            .referer(false)
            .user_agent("Tournee (calendar)")
            .redirect(Policy::custom(follow));
        Ok(Self { http: http.build().map_err(|_| Fault::Unreachable)? })
    }

    /// Asks for the file, or whether it is still the one of `marks`.
    ///
    /// # Errors
    /// See [`Fault`].
    pub async fn fetch(&self, url: &str, marks: &Marks) -> Result<Fetched, Fault> {
        let mut request = self.http.get(address(url)?).header(ACCEPT, "text/calendar, */*;q=0.5");
        if let Some(etag) = &marks.etag {
            request = request.header(IF_NONE_MATCH, etag);
        }
        if let Some(modified) = &marks.modified {
            request = request.header(IF_MODIFIED_SINCE, modified);
        }
        let answer = request.send().await.map_err(|error| fault(&error))?;
        let status = answer.status();
        match status {
            StatusCode::NOT_MODIFIED => return Ok(Fetched::Unchanged),
            StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => {
                return Err(Fault::Refused(status.as_u16()));
            }
            StatusCode::NOT_FOUND | StatusCode::GONE => return Err(Fault::Gone(status.as_u16())),
            _ if status.is_success() => {}
            // What leads to another scheme is not even tried.
            _ if status.is_redirection() => return Err(Fault::Redirect),
            _ => return Err(Fault::Server(status.as_u16())),
        }
        let mark = |name| {
            let text = answer.headers().get(name)?.to_str().ok()?;
            (text.len() <= MARK_MAX).then(|| text.to_owned())
        };
        let marks = Marks { etag: mark(ETAG), modified: mark(LAST_MODIFIED) };
        if answer.content_length().is_some_and(|length| length > BODY_MAX as u64) {
            return Err(Fault::TooLarge);
        }
        let body = read_body(answer, BODY_MAX).await.map_err(|error| match error {
            BodyError::TooLarge { .. } => Fault::TooLarge,
            BodyError::BrokeOff => Fault::Slow,
        })?;
        Ok(Fetched::File { body, marks })
    }
}

fn fault(error: &reqwest::Error) -> Fault {
    if error.is_redirect() {
        Fault::Redirect
    } else if error.is_timeout() {
        Fault::Slow
    } else {
        Fault::Unreachable
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn webcal_is_https_and_other_schemes_are_refused() {
        let url = |text: &str| address(text).map(|url| url.to_string());
        assert_eq!(url("webcal://cal.test/a.ics").unwrap(), "https://cal.test/a.ics");
        assert_eq!(url("WEBCAL://cal.test/a.ics").unwrap(), "https://cal.test/a.ics");
        assert_eq!(url(" http://cal.test/a.ics ").unwrap(), "http://cal.test/a.ics");
        for odd in ["file:///etc/passwd", "ftp://cal.test/a", "cal.test/a.ics", "", "http://"] {
            assert_eq!(url(odd), Err(Fault::Address), "{odd}");
        }
        assert_eq!(url("http://169.254.169.254/latest"), Err(Fault::Address));
        assert_eq!(url("http://[fe80::1]/a.ics"), Err(Fault::Address));
    }
}
