//! What the door-keeper is asked, what happens at the door, and how it says no. Secrets come in as hashes only.

use std::sync::Arc;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::engine::refusal::{Language, RefusalKind, Refused};
use crate::ids::{TokenId, UserId};

/// What someone may do. Higher ones do not contain lower ones: the routes say who may.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// Everything.
    Admin,
    /// The board and messages.
    Dispatcher,
    /// Customers and messages.
    Support,
    /// Devices and outages.
    Network,
    /// Money.
    Accounting,
    /// Looks only.
    Viewer,
}

impl Role {
    /// As it stands in a row and on the wire.
    pub fn code(self) -> &'static str {
        match self {
            Self::Admin => "admin",
            Self::Dispatcher => "dispatcher",
            Self::Support => "support",
            Self::Network => "network",
            Self::Accounting => "accounting",
            Self::Viewer => "viewer",
        }
    }

    /// Reads a row's or a request's word.
    pub fn from_code(code: &str) -> Option<Self> {
        Some(match code {
            "admin" => Self::Admin,
            "dispatcher" => Self::Dispatcher,
            "support" => Self::Support,
            "network" => Self::Network,
            "accounting" => Self::Accounting,
            "viewer" => Self::Viewer,
            _ => return None,
        })
    }
}

/// One who works at the office.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct User {
    /// Id.
    pub id: UserId,
    /// Sign-in name, lower case.
    pub email: String,
    /// Name.
    pub name: String,
    /// What they may do.
    pub role: Role,
    /// Language of their screens.
    pub language: Language,
    /// Argon2 hash in PHC form. Never leaves the house.
    pub password_hash: String,
    /// The mobile phone from which they may dispatch by text, E.164.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone: Option<Arc<str>>,
}

/// An API token; its secret is known by its hash only.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ApiToken {
    /// Id.
    pub id: TokenId,
    /// What it is for.
    pub name: String,
    /// What it may do.
    pub role: Role,
    /// SHA-256 of the secret, hex.
    pub secret_hash: Arc<str>,
    /// Since when.
    pub created_at: Timestamp,
    /// True once it is worth nothing.
    pub revoked: bool,
}

/// A signed-in browser; its cookie is known by its hash only.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Login {
    /// SHA-256 of the cookie's secret, hex.
    pub secret_hash: Arc<str>,
    /// Who.
    pub user_id: UserId,
    /// Until when it holds.
    pub expires_at: Timestamp,
    /// True after sign-out.
    pub over: bool,
}

/// What the door-keeper may be asked.
#[derive(Clone, Debug)]
pub enum Command {
    /// The first account, by the one-time link; only while there is none.
    CreateFirstUser(Box<User>),
    /// Another account.
    CreateUser(Box<User>),
    /// Another mobile phone for an account, or none; `version` is what was seen of the account.
    ChangePhone { user_id: UserId, phone: Option<Arc<str>>, version: i64 },
    /// A new API token.
    CreateToken(Box<ApiToken>),
    /// A token is worth nothing from now on.
    RevokeToken(TokenId),
    /// A password was right: a browser is signed in.
    SignIn(Box<Login>),
    /// A browser signs out.
    SignOut { secret_hash: Arc<str> },
    /// A link is worth nothing from now on; `link` is its signed id.
    RevokeLink { link: Arc<str> },
}

/// What happened at the door.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "what", rename_all = "snake_case")]
pub enum AuthEvent {
    /// An account was made.
    UserCreated { user: Box<User> },
    /// An account is another.
    UserChanged { user: Box<User> },
    /// A token was made or revoked.
    TokenChanged { token: Box<ApiToken> },
    /// A browser signed in or out.
    LoginChanged { login: Box<Login> },
    /// A link was revoked.
    LinkRevoked { link: Arc<str> },
}

/// How the door-keeper says no.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AuthRefusal {
    /// The first account exists.
    #[error("the first account exists already")]
    FirstUserExists,
    /// That e-mail address has an account.
    #[error("this e-mail address has an account already")]
    EmailTaken,
    /// Another account has this phone.
    #[error("another account has this phone already")]
    PhoneTaken,
    /// There is no such account.
    #[error("there is no such account")]
    NoSuchUser,
    /// There is no such token.
    #[error("there is no such token")]
    NoSuchToken,
}

impl Refused for AuthRefusal {
    fn code(&self) -> &'static str {
        match self {
            Self::FirstUserExists => "auth.first_user_exists",
            Self::EmailTaken => "auth.email_taken",
            Self::PhoneTaken => "auth.phone_taken",
            Self::NoSuchUser => "auth.no_such_user",
            Self::NoSuchToken => "auth.no_such_token",
        }
    }

    fn kind(&self) -> RefusalKind {
        match self {
            Self::FirstUserExists | Self::EmailTaken | Self::PhoneTaken => RefusalKind::Conflict,
            Self::NoSuchUser | Self::NoSuchToken => RefusalKind::Unknown,
        }
    }

    fn pointer(&self) -> Option<&'static str> {
        match self {
            Self::EmailTaken => Some("/email"),
            Self::PhoneTaken => Some("/phone"),
            _ => None,
        }
    }

    fn detail(&self, language: Language) -> String {
        let text = match (self, language) {
            (Self::FirstUserExists, Language::Fr) => "Le premier compte existe déjà.",
            (Self::FirstUserExists, Language::En) => "The first account exists already.",
            (Self::EmailTaken, Language::Fr) => "Cette adresse a déjà un compte.",
            (Self::EmailTaken, Language::En) => "This address has an account already.",
            (Self::PhoneTaken, Language::Fr) => "Un autre compte a déjà ce téléphone.",
            (Self::PhoneTaken, Language::En) => "Another account has this phone already.",
            (Self::NoSuchUser, Language::Fr) => "Ce compte n'existe pas.",
            (Self::NoSuchUser, Language::En) => "There is no such account.",
            (Self::NoSuchToken, Language::Fr) => "Ce jeton n'existe pas.",
            (Self::NoSuchToken, Language::En) => "There is no such token.",
        };
        text.to_owned()
    }
}
