//! The names of topics: which exist, and which role may watch them.
//!
//! Pure. Whether the customer or technician behind a topic exists is asked of the doorkeeper, not here.

use std::sync::Arc;

use crate::auth::extract::Role;
use crate::error::Problem;

/// Topics one connection may watch.
pub const TOPICS_MAX: usize = 100;
/// Bytes of the part after the prefix.
const NAME_BYTES_MAX: usize = 64;

/// A topic's kind; the id is the part after the prefix.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Topic<'a> {
    /// Everything the board shows.
    Dispatch,
    /// Every conversation.
    Conversations,
    /// Texts as they come in.
    SmsIncoming,
    Customer(&'a str),
    Technician(&'a str),
    Conversation(&'a str),
    /// `x-…`: ad hoc, for whoever agrees on a name.
    AdHoc,
}

impl<'a> Topic<'a> {
    /// Reads a topic's name; `None` when there is no such topic.
    pub fn parse(name: &'a str) -> Option<Self> {
        let id = |id: &'a str| is_word(id, b"_-").then_some(id);
        match name {
            "dispatch" => return Some(Self::Dispatch),
            "conversations" => return Some(Self::Conversations),
            "sms-incoming" => return Some(Self::SmsIncoming),
            _ => {}
        }
        if let Some(rest) = name.strip_prefix("x-") {
            return is_word(rest, b"_-.:").then_some(Self::AdHoc);
        }
        match name.split_once(':')? {
            ("customer", rest) => id(rest).map(Self::Customer),
            ("tech", rest) => id(rest).map(Self::Technician),
            ("conversation", rest) => id(rest).map(Self::Conversation),
            _ => None,
        }
    }

    /// Whether staff of this role may watch it. Messages and customers are no business of the workshop's and the
    /// bookkeeper's screens.
    pub fn is_open_to(self, role: Role) -> bool {
        use Role::{Accounting, Admin, Dispatcher, Network, Support, Viewer};
        match self {
            Self::Dispatch | Self::Technician(_) | Self::AdHoc => true,
            Self::Conversations | Self::SmsIncoming | Self::Conversation(_) => {
                matches!(role, Admin | Dispatcher | Support)
            }
            Self::Customer(_) => match role {
                Admin | Dispatcher | Support | Accounting | Viewer => true,
                Network => false,
            },
        }
    }
}

/// An event's type or a topic's tail: letters, digits and `extra`, not empty, not long.
pub fn is_word(text: &str, extra: &[u8]) -> bool {
    !text.is_empty()
        && text.len() <= NAME_BYTES_MAX
        && text.bytes().all(|b| b.is_ascii_alphanumeric() || extra.contains(&b))
}

/// Reads a list of topics, each once, in order.
///
/// # Errors
/// 422 naming `pointer`: none, too many, or one that does not exist.
pub fn read_topics<'a>(
    names: impl Iterator<Item = &'a str>,
    pointer: &str,
) -> Result<Vec<Arc<str>>, Problem> {
    let mut topics: Vec<Arc<str>> = Vec::new();
    for name in names.map(str::trim).filter(|name| !name.is_empty()) {
        if Topic::parse(name).is_none() {
            let shown: String = name.chars().take(NAME_BYTES_MAX).collect();
            return Err(Problem::invalid(pointer, format!("There is no topic {shown:?}.")));
        }
        if topics.iter().any(|topic| **topic == *name) {
            continue;
        }
        if topics.len() == TOPICS_MAX {
            return Err(Problem::invalid(pointer, format!("At most {TOPICS_MAX} topics.")));
        }
        topics.push(name.into());
    }
    if topics.is_empty() {
        return Err(Problem::invalid(pointer, "Say which topics to watch."));
    }
    Ok(topics)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_contracts_topics_exist() {
        let good = ["dispatch", "conversations", "sms-incoming", "customer:cust_1", "x-t42"];
        for name in good {
            assert!(Topic::parse(name).is_some(), "{name}");
        }
        assert_eq!(Topic::parse("tech:tech_9"), Some(Topic::Technician("tech_9")));
        let bad =
            ["", "billing", "customer:", "customer:a b", "x-", "x-\n", "tech:a/b", "Dispatch"];
        for name in bad {
            assert!(Topic::parse(name).is_none(), "{name}");
        }
    }

    #[test]
    fn a_list_names_its_unknown_topic_and_drops_repeats() {
        let topics = read_topics("dispatch, x-a,dispatch,".split(','), "/topics").unwrap();
        assert_eq!(topics.len(), 2);
        let problem = read_topics("dispatch,nope".split(','), "/topics").unwrap_err();
        assert_eq!(problem.status(), 422);
        assert!(problem.detail().contains("nope"));
        assert!(read_topics("".split(','), "/topics").is_err());
    }

    #[test]
    fn conversations_are_not_for_every_role() {
        assert!(Topic::Conversations.is_open_to(Role::Support));
        assert!(!Topic::Conversations.is_open_to(Role::Accounting));
        assert!(Topic::Dispatch.is_open_to(Role::Viewer));
    }
}
