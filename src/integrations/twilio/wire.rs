//! What Twilio posts to us, read into typed values: status callbacks and inbound texts, and the order of
//! statuses. Pure; the signature was checked before. New parameters appear without notice and are let pass.

use crate::integrations::form;
use crate::texts::Keyword;

/// The answer to an inbound text: TwiML that says nothing (replies go out through the one send function).
pub const EMPTY_REPLY: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?><Response/>";
/// Longest body of an inbound text that is kept, in characters (Twilio's own limit).
pub const BODY_CHARS_MAX: usize = 1600;
/// Most attachments that one text may claim.
const MEDIA_MAX: usize = 10;

/// A webhook that lacks what we cannot do without.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{field} is missing or not understood")]
pub struct Malformed {
    /// The vendor's name of the parameter.
    pub field: &'static str,
}

/// A message's status in Twilio's words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Status {
    Accepted,
    Scheduled,
    Queued,
    Sending,
    Sent,
    Delivered,
    PartiallyDelivered,
    Read,
    Undelivered,
    Failed,
    Canceled,
    Receiving,
    Received,
}

impl Status {
    /// Reads the word of the wire; `None` for one that we do not know (yet).
    pub fn parse(word: &str) -> Option<Self> {
        Some(match word {
            "accepted" => Self::Accepted,
            "scheduled" => Self::Scheduled,
            "queued" => Self::Queued,
            "sending" => Self::Sending,
            "sent" => Self::Sent,
            "delivered" => Self::Delivered,
            "partially_delivered" => Self::PartiallyDelivered,
            "read" => Self::Read,
            "undelivered" => Self::Undelivered,
            "failed" => Self::Failed,
            "canceled" => Self::Canceled,
            "receiving" => Self::Receiving,
            "received" => Self::Received,
            _ => return None,
        })
    }

    /// The word of the wire.
    pub fn word(self) -> &'static str {
        match self {
            Self::Accepted => "accepted",
            Self::Scheduled => "scheduled",
            Self::Queued => "queued",
            Self::Sending => "sending",
            Self::Sent => "sent",
            Self::Delivered => "delivered",
            Self::PartiallyDelivered => "partially_delivered",
            Self::Read => "read",
            Self::Undelivered => "undelivered",
            Self::Failed => "failed",
            Self::Canceled => "canceled",
            Self::Receiving => "receiving",
            Self::Received => "received",
        }
    }

    /// The same in the house's five words.
    pub fn standing(self) -> Standing {
        match self {
            Self::Accepted | Self::Scheduled | Self::Queued | Self::Sending => Standing::Queued,
            // A part that arrived does not make a text that arrived.
            Self::Sent | Self::PartiallyDelivered | Self::Receiving => Standing::Sent,
            Self::Delivered | Self::Received => Standing::Delivered,
            Self::Read => Standing::Read,
            Self::Undelivered | Self::Failed | Self::Canceled => Standing::Failed,
        }
    }
}

/// How far a message has come, in the house's words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Standing {
    Queued,
    Sent,
    Delivered,
    Read,
    Failed,
}

impl Standing {
    /// What a message stands at after hearing `news`, in whatever order callbacks arrive: it only ever
    /// goes forward, and `Failed` and `Read` are ends. A text that was delivered cannot fail any more.
    #[must_use]
    pub fn after(self, news: Self) -> Self {
        match (self, news) {
            (Self::Failed | Self::Read, _) => self,
            (Self::Delivered, Self::Read) => news,
            (Self::Delivered, _) => self,
            (Self::Sent, Self::Queued) => self,
            _ => news,
        }
    }

    /// `queued`, `sent`, `delivered`, `read` or `failed`.
    pub fn word(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Sent => "sent",
            Self::Delivered => "delivered",
            Self::Read => "read",
            Self::Failed => "failed",
        }
    }
}

/// A status callback.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StatusCallback {
    /// Twilio's id of the message (`SM…`).
    pub sid: String,
    pub account_sid: String,
    pub status: Status,
    /// Why it failed, by Twilio's table of errors.
    pub error_code: Option<u32>,
    pub to: Option<String>,
    pub from: Option<String>,
    /// The Messaging Service, when one sent it.
    pub service_sid: Option<String>,
    /// Our own message's id, from the query that we put into the callback's URL.
    pub message_id: Option<String>,
}

impl StatusCallback {
    /// Reads the decoded form; `query` is the raw query of the URL that was called.
    ///
    /// An unknown status is `Malformed { field: "MessageStatus" }`: answer 200 all the same, Twilio does
    /// not mend it by trying again.
    pub fn parse(form: &[(String, String)], query: &str) -> Result<Self, Malformed> {
        let status = either(form, "MessageStatus", "SmsStatus")
            .and_then(Status::parse)
            .ok_or(Malformed { field: "MessageStatus" })?;
        let query = form::parse(query.as_bytes());
        Ok(Self {
            sid: message_sid(form)?,
            account_sid: required(form, "AccountSid")?,
            status,
            error_code: text(form, "ErrorCode").and_then(|code| code.parse().ok()),
            to: text(form, "To").map(str::to_owned),
            from: text(form, "From").map(str::to_owned),
            service_sid: text(form, "MessagingServiceSid").map(str::to_owned),
            message_id: text(&query, "message").map(str::to_owned),
        })
    }

    /// What makes two callbacks the same one, for the inbox. Built from what is signed: the vendor's
    /// idempotency header is not, so a replay could carry another.
    pub fn inbox_key(&self) -> String {
        format!("{}|{}", self.sid, self.status.word())
    }
}

/// A text from a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Inbound {
    pub sid: String,
    pub account_sid: String,
    pub from: String,
    pub to: String,
    /// May be empty when a picture was sent alone.
    pub body: String,
    pub service_sid: Option<String>,
    /// Set when Twilio's Advanced Opt-Out has already answered: do not answer again.
    pub opt_out: Option<Keyword>,
    pub media: Vec<Media>,
}

/// A picture or file sent with a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Media {
    pub url: String,
    pub content_type: String,
}

impl Inbound {
    /// Reads the decoded form.
    pub fn parse(form: &[(String, String)]) -> Result<Self, Malformed> {
        let count: usize = match text(form, "NumMedia") {
            Some(count) => count.parse().map_err(|_| Malformed { field: "NumMedia" })?,
            None => 0,
        };
        let media = (0..count.min(MEDIA_MAX)).filter_map(|at| {
            Some(Media {
                url: text(form, &format!("MediaUrl{at}"))?.to_owned(),
                content_type: text(form, &format!("MediaContentType{at}"))
                    .unwrap_or("application/octet-stream")
                    .to_owned(),
            })
        });
        let body = form::value(form, "Body").unwrap_or_default();
        Ok(Self {
            sid: message_sid(form)?,
            account_sid: required(form, "AccountSid")?,
            from: required(form, "From")?,
            to: required(form, "To")?,
            // A database does not store the zero character, and no phone types it.
            body: body.chars().filter(|letter| *letter != '\0').take(BODY_CHARS_MAX).collect(),
            service_sid: text(form, "MessagingServiceSid").map(str::to_owned),
            opt_out: match text(form, "OptOutType") {
                Some("STOP") => Some(Keyword::Stop),
                Some("START") => Some(Keyword::Start),
                Some("HELP") => Some(Keyword::Help),
                _ => None,
            },
            media: media.collect(),
        })
    }

    /// What makes two deliveries of one text the same, for the inbox.
    pub fn inbox_key(&self) -> String {
        format!("{}|received", self.sid)
    }
}

fn text<'a>(form: &'a [(String, String)], name: &str) -> Option<&'a str> {
    form::value(form, name).filter(|value| !value.is_empty())
}

fn either<'a>(form: &'a [(String, String)], name: &str, other: &str) -> Option<&'a str> {
    text(form, name).or_else(|| text(form, other))
}

fn required(form: &[(String, String)], field: &'static str) -> Result<String, Malformed> {
    text(form, field).map(str::to_owned).ok_or(Malformed { field })
}

fn message_sid(form: &[(String, String)]) -> Result<String, Malformed> {
    either(form, "MessageSid", "SmsSid").map(str::to_owned).ok_or(Malformed { field: "MessageSid" })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const CALLBACK: &[u8] = b"AccountSid=AC1&From=%2B15145550100&MessageSid=SM1&MessageStatus=undelivered\
        &SmsSid=SM1&SmsStatus=undelivered&To=%2B14385550123&ApiVersion=2010-04-01&ErrorCode=30003&New=1";

    #[test]
    fn a_status_callback_is_read_with_our_message_id_from_its_url() {
        let read = StatusCallback::parse(&form::parse(CALLBACK), "message=msg_7").unwrap();
        assert_eq!(read.sid, "SM1");
        assert_eq!(read.status, Status::Undelivered);
        assert_eq!(read.error_code, Some(30003));
        assert_eq!(read.to.as_deref(), Some("+14385550123"));
        assert_eq!(read.message_id.as_deref(), Some("msg_7"));
        assert_eq!(read.service_sid, None);
        assert_eq!(read.inbox_key(), "SM1|undelivered");
    }

    #[test]
    fn a_status_callback_names_what_it_lacks() {
        let lacks = |raw: &[u8]| StatusCallback::parse(&form::parse(raw), "").unwrap_err().field;
        assert_eq!(lacks(b"AccountSid=AC1&MessageSid=SM1"), "MessageStatus");
        assert_eq!(lacks(b"AccountSid=AC1&MessageSid=SM1&MessageStatus=dancing"), "MessageStatus");
        assert_eq!(lacks(b"AccountSid=AC1&MessageStatus=sent"), "MessageSid");
        assert_eq!(lacks(b"MessageSid=SM1&MessageStatus=sent"), "AccountSid");
    }

    #[test]
    fn an_inbound_text_is_read_with_and_without_a_messaging_service() {
        let raw = "MessageSid=SM2&SmsSid=SM2&AccountSid=AC1&From=%2B14385550123&To=%2B15145550100\
            &Body=Arr%C3%AAt&NumMedia=1&MediaUrl0=https%3A%2F%2Fapi.example%2F1&MediaContentType0=image%2Fjpeg\
            &SmsStatus=received&MessagingServiceSid=MG1&OptOutType=STOP";
        let read = Inbound::parse(&form::parse(raw.as_bytes())).unwrap();
        assert_eq!(read.body, "Arrêt");
        assert_eq!(read.service_sid.as_deref(), Some("MG1"));
        assert_eq!(read.opt_out, Some(Keyword::Stop));
        assert_eq!(read.media[0].content_type, "image/jpeg");
        let plain = b"MessageSid=SM3&AccountSid=AC1&From=%2B1&To=%2B2&Body=&NumMedia=0";
        let read = Inbound::parse(&form::parse(plain)).unwrap();
        assert_eq!((read.body.as_str(), read.service_sid, read.opt_out), ("", None, None));
    }

    #[test]
    fn a_hostile_inbound_text_stays_small() {
        let long = format!(
            "MessageSid=SM&AccountSid=AC&From=a&To=b&NumMedia=99999999&Body=%00{}",
            "x".repeat(5000)
        );
        let read = Inbound::parse(&form::parse(long.as_bytes())).unwrap();
        assert_eq!(read.body.len(), BODY_CHARS_MAX);
        assert!(read.media.is_empty());
    }

    #[test]
    fn every_status_reads_back_from_its_word() {
        for word in "accepted scheduled queued sending sent delivered partially_delivered read undelivered failed \
            canceled receiving received"
            .split_whitespace()
        {
            assert_eq!(Status::parse(word).unwrap().word(), word);
        }
    }

    fn standings() -> impl Strategy<Value = Standing> {
        use Standing::{Delivered, Failed, Queued, Read, Sent};
        proptest::sample::select(vec![Queued, Sent, Delivered, Read, Failed])
    }

    proptest! {
        #[test]
        fn callbacks_in_any_order_and_repeated_end_where_the_message_went(
            good in any::<bool>(),
            mut order in Just((0..6usize).collect::<Vec<_>>()).prop_shuffle(),
        ) {
            let story = if good {
                [Standing::Queued, Standing::Sent, Standing::Delivered, Standing::Read]
            } else {
                [Standing::Queued, Standing::Queued, Standing::Sent, Standing::Failed]
            };
            order.push(0);
            let end = order.iter().fold(Standing::Queued, |now, at| now.after(story[at % 4]));
            prop_assert_eq!(end, story[3]);
        }

        #[test]
        fn no_callback_takes_a_message_back(news in proptest::collection::vec(standings(), 0..12)) {
            let rank = |standing| match standing {
                Standing::Queued => 0,
                Standing::Sent => 1,
                Standing::Delivered => 2,
                Standing::Read | Standing::Failed => 3,
            };
            let mut now = Standing::Queued;
            for next in news {
                let then = now.after(next);
                prop_assert!(rank(then) >= rank(now));
                prop_assert_eq!(then.after(next), then);
                if matches!(now, Standing::Read | Standing::Failed) {
                    prop_assert_eq!(then, now);
                }
                if now == Standing::Delivered {
                    prop_assert!(then != Standing::Failed);
                }
                now = then;
            }
        }
    }
}
