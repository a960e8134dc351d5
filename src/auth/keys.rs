//! What opens the door, kept in memory: tokens and browser sessions by the hash of their secret, revoked links.
//! Follows the journal; never holds a secret in clear but the administrator's, which the settings gave.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use actors::auth::protocol::{AuthEvent, Role, User};
use actors::ids::UserId;
use jiff::Timestamp;
use parking_lot::RwLock;
use sha2::{Digest, Sha256};

use crate::auth::Caller;
use crate::auth::extract::Proof;
use crate::auth::store::Everything;
use crate::config::Secret;

/// The hash by which a secret is known.
pub fn hash(secret: &str) -> Arc<str> {
    hex::encode(Sha256::digest(secret.as_bytes())).into()
}

#[derive(Default)]
struct Ring {
    tokens: HashMap<Arc<str>, Caller>,
    logins: HashMap<Arc<str>, (UserId, Timestamp)>,
    users: HashMap<UserId, User>,
    revoked: HashSet<Arc<str>>,
}

/// The key ring. Clones share it.
#[derive(Clone)]
pub struct Keys {
    ring: Arc<RwLock<Ring>>,
    admin: Option<Secret>,
    /// Hash of the one-time secret that makes the first account.
    setup: Arc<RwLock<Option<Arc<str>>>>,
}

impl std::fmt::Debug for Keys {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Keys")
    }
}

impl Keys {
    /// With what the rows hold, and the administrator's token of the settings.
    pub fn new(all: Everything, admin: Option<Secret>) -> Self {
        let keys = Self { ring: Arc::default(), admin, setup: Arc::default() };
        for user in all.users {
            keys.learn(&AuthEvent::UserCreated { user: Box::new(user) });
        }
        for token in all.tokens {
            keys.learn(&AuthEvent::TokenChanged { token: Box::new(token) });
        }
        for login in all.logins {
            keys.learn(&AuthEvent::LoginChanged { login: Box::new(login) });
        }
        for link in all.revoked {
            keys.learn(&AuthEvent::LinkRevoked { link });
        }
        keys
    }

    /// Follows an event at the door.
    pub fn learn(&self, event: &AuthEvent) {
        let mut ring = self.ring.write();
        match event {
            AuthEvent::UserCreated { user } | AuthEvent::UserChanged { user } => {
                ring.users.insert(user.id.clone(), (**user).clone());
            }
            AuthEvent::TokenChanged { token } if token.revoked => {
                ring.tokens.remove(&token.secret_hash);
            }
            AuthEvent::TokenChanged { token } => {
                let caller = Caller {
                    name: token.name.as_str().into(),
                    role: token.role,
                    proof: Proof::Token(token.secret_hash.clone()),
                };
                ring.tokens.insert(token.secret_hash.clone(), caller);
            }
            AuthEvent::LoginChanged { login } if login.over => {
                ring.logins.remove(&login.secret_hash);
            }
            AuthEvent::LoginChanged { login } => {
                // Whoever signs in anew has the same time as all others had: what ends before began to end then.
                let now = login.expires_at - crate::auth::http::SIGNED_IN;
                ring.logins.retain(|_, (_, expires_at)| *expires_at > now);
                ring.logins
                    .insert(login.secret_hash.clone(), (login.user_id.clone(), login.expires_at));
            }
            AuthEvent::LinkRevoked { link } => {
                ring.revoked.insert(link.clone());
            }
        }
    }

    /// Who bears this API token.
    pub fn token(&self, secret: &str) -> Option<Caller> {
        if self.admin.as_ref().is_some_and(|admin| admin.matches(secret)) {
            return Some(Caller {
                name: "admin-token".into(),
                role: Role::Admin,
                proof: Proof::Settings,
            });
        }
        self.ring.read().tokens.get(&hash(secret)).cloned()
    }

    /// Whose browser bears this cookie.
    pub fn login(&self, secret: &str, now: Timestamp) -> Option<User> {
        let ring = self.ring.read();
        let (user, expires_at) = ring.logins.get(&hash(secret))?;
        if *expires_at <= now {
            return None;
        }
        ring.users.get(user).cloned()
    }

    /// True while what a caller showed still opens the door.
    pub fn is_known(&self, caller: &Caller, now: Timestamp) -> bool {
        let ring = self.ring.read();
        match &caller.proof {
            Proof::Settings => self.admin.is_some(),
            Proof::Token(secret_hash) => ring.tokens.contains_key(secret_hash),
            Proof::Login(secret_hash) => {
                ring.logins.get(secret_hash).is_some_and(|(user, expires_at)| {
                    *expires_at > now && ring.users.contains_key(user)
                })
            }
        }
    }

    /// The account of an e-mail address.
    pub fn user(&self, email: &str) -> Option<User> {
        self.ring.read().users.values().find(|user| user.email == email).cloned()
    }

    /// Whose account has this phone; of those only who may dispatch.
    pub fn dispatcher_at(&self, phone: &str) -> Option<User> {
        let ring = self.ring.read();
        let mut users = ring.users.values().filter(|user| user.phone.as_deref() == Some(phone));
        users.find(|user| matches!(user.role, Role::Admin | Role::Dispatcher)).cloned()
    }

    /// True while nobody has an account.
    pub fn nobody_yet(&self) -> bool {
        self.ring.read().users.is_empty()
    }

    /// True when a link was revoked.
    pub fn is_revoked(&self, link: &str) -> bool {
        self.ring.read().revoked.contains(link)
    }

    /// How often a calendar's link was revoked: the next one bears the next number.
    pub fn revocations(&self, prefix: &str) -> usize {
        self.ring.read().revoked.iter().filter(|link| link.starts_with(prefix)).count()
    }

    /// Keeps the one-time secret of the first account.
    pub fn expect_first_user(&self, secret: &str) {
        *self.setup.write() = Some(hash(secret));
    }

    /// True when this is the one-time secret, and nobody has an account yet.
    pub fn is_setup(&self, secret: &str) -> bool {
        self.nobody_yet() && self.setup.read().as_ref().is_some_and(|known| *known == hash(secret))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use actors::auth::protocol::Login;

    #[test]
    fn a_sign_in_that_was_ended_or_has_expired_is_no_longer_known() {
        let (now, hour) = (Timestamp::UNIX_EPOCH, jiff::SignedDuration::from_hours(1));
        let everything = Everything {
            users: vec![User {
                id: UserId::from("user_1"),
                email: "a@example.org".into(),
                name: "A".into(),
                role: Role::Viewer,
                language: Default::default(),
                password_hash: String::new(),
                phone: None,
            }],
            tokens: Vec::new(),
            logins: Vec::new(),
            revoked: Vec::new(),
        };
        let keys = Keys::new(everything, None);
        let login = Login {
            secret_hash: hash("cookie"),
            user_id: UserId::from("user_1"),
            expires_at: now + hour,
            over: false,
        };
        keys.learn(&AuthEvent::LoginChanged { login: Box::new(login.clone()) });
        let proof = Proof::Login(hash("cookie"));
        let caller = Caller { name: "a@example.org".into(), role: Role::Viewer, proof };
        assert!(keys.is_known(&caller, now));
        assert!(!keys.is_known(&caller, now + hour), "expired");
        keys.learn(&AuthEvent::LoginChanged { login: Box::new(Login { over: true, ..login }) });
        assert!(!keys.is_known(&caller, now), "signed out");
    }
}
