//! The door-keeper: accounts, API tokens, signed-in browsers, revoked links. One actor. It never sees a secret,
//! only hashes, and never decides what a role may do: the routes say that.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use jiff::Timestamp;

use crate::auth::protocol::{ApiToken, AuthEvent, AuthRefusal, Command, Login, User};
use crate::engine::component::{Component, Decision};
use crate::engine::journal::Expect;
use crate::event::{Event, Room};
use crate::ids::{TokenId, UserId};

pub mod protocol;

/// The key of the one door-keeper.
pub const KEY: &str = "auth";

/// What the door-keeper knows.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Auth {
    /// Accounts.
    pub users: BTreeMap<UserId, User>,
    /// API tokens.
    pub tokens: BTreeMap<TokenId, ApiToken>,
    /// Browsers that are signed in.
    pub logins: BTreeMap<Arc<str>, Login>,
    /// Links that are worth nothing.
    pub revoked: BTreeSet<Arc<str>>,
}

impl Auth {
    fn change_phone(
        &self,
        id: &UserId,
        phone: Option<&Arc<str>>,
        version: i64,
    ) -> Result<Decision, AuthRefusal> {
        let user = self.users.get(id).ok_or(AuthRefusal::NoSuchUser)?;
        let others = self.users.values().filter(|other| other.id != *id);
        // A text from this number must mean one person.
        if phone.is_some() && others.into_iter().any(|other| other.phone.as_ref() == phone) {
            return Err(AuthRefusal::PhoneTaken);
        }
        if user.phone.as_ref() == phone {
            return Ok(Decision::nothing());
        }
        let user = Box::new(User { phone: phone.cloned(), ..user.clone() });
        let expect = Expect { entity: id.key(), version };
        Ok(Decision::event(AuthEvent::UserChanged { user }).expecting(expect))
    }
}

impl Component for Auth {
    type Command = Command;
    type Refusal = AuthRefusal;

    const ROOM: Room = Room::Auth;

    fn decide(&self, command: &Command, _: Timestamp) -> Result<Decision, AuthRefusal> {
        let event = match command {
            Command::CreateFirstUser(_) if !self.users.is_empty() => {
                return Err(AuthRefusal::FirstUserExists);
            }
            Command::CreateFirstUser(user) | Command::CreateUser(user) => {
                if self.users.values().any(|known| known.email == user.email) {
                    return Err(AuthRefusal::EmailTaken);
                }
                AuthEvent::UserCreated { user: user.clone() }
            }
            Command::ChangePhone { user_id, phone, version } => {
                return self.change_phone(user_id, phone.as_ref(), *version);
            }
            Command::CreateToken(token) => AuthEvent::TokenChanged { token: token.clone() },
            Command::RevokeToken(id) => {
                let token = self.tokens.get(id).ok_or(AuthRefusal::NoSuchToken)?;
                if token.revoked {
                    return Ok(Decision::nothing());
                }
                let token = Box::new(ApiToken { revoked: true, ..token.clone() });
                AuthEvent::TokenChanged { token }
            }
            Command::SignIn(login) => AuthEvent::LoginChanged { login: login.clone() },
            Command::SignOut { secret_hash } => match self.logins.get(secret_hash) {
                Some(login) => {
                    let login = Box::new(Login { over: true, ..login.clone() });
                    AuthEvent::LoginChanged { login }
                }
                None => return Ok(Decision::nothing()),
            },
            Command::RevokeLink { link } if self.revoked.contains(link) => {
                return Ok(Decision::nothing());
            }
            Command::RevokeLink { link } => AuthEvent::LinkRevoked { link: link.clone() },
        };
        Ok(Decision::event(event))
    }

    fn apply(&mut self, event: &Event, _: i64, _: Timestamp) {
        let Event::Auth(event) = event else { return };
        match event {
            AuthEvent::UserCreated { user } | AuthEvent::UserChanged { user } => {
                self.users.insert(user.id.clone(), (**user).clone());
            }
            AuthEvent::TokenChanged { token } => {
                self.tokens.insert(token.id.clone(), (**token).clone());
            }
            AuthEvent::LoginChanged { login } if login.over => {
                self.logins.remove(&login.secret_hash);
            }
            AuthEvent::LoginChanged { login } => {
                self.logins.insert(login.secret_hash.clone(), (**login).clone());
            }
            AuthEvent::LinkRevoked { link } => {
                self.revoked.insert(link.clone());
            }
        }
    }
}
