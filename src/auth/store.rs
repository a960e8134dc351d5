//! Rows of the door-keeper: accounts, tokens, signed-in browsers, revoked links.

use std::sync::Arc;

use actors::auth::Auth;
use actors::auth::protocol::{ApiToken, AuthEvent, Login, User};
use actors::engine::journal::Seq;
use actors::engine::shell::{LoadError, Loader};
use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use jiff::Timestamp;
use sqlx::{AnyConnection, Row};

use crate::journal::projection::parsed;
use crate::journal::rows::Kind::{Int, Text};
use crate::journal::rows::{Rows, Table, doc, us};
use crate::shelves::{Shelves, position, unloadable};

static USERS: Table = Table::new("users", 1, &[("id", Text), ("email", Text), ("doc", Text)]);
static TOKENS: Table = Table::new(
    "tokens",
    1,
    &[("id", Text), ("secret_hash", Text), ("revoked", Int), ("doc", Text)],
);
static LOGINS: Table = Table::new(
    "logins",
    1,
    &[("secret_hash", Text), ("user_id", Text), ("over", Int), ("expires_us", Int), ("doc", Text)],
);
static REVOKED: Table = Table::new("revoked_links", 1, &[("link", Text), ("at_us", Int)]);

/// Puts the rows that an event changes.
pub fn project(event: &AuthEvent, at: Timestamp, rows: &mut Rows) {
    match event {
        AuthEvent::UserCreated { user } | AuthEvent::UserChanged { user } => {
            rows.put(&USERS, [user.id.as_str().into(), user.email.as_str().into(), doc(user)]);
        }
        AuthEvent::TokenChanged { token } => rows.put(
            &TOKENS,
            [
                token.id.as_str().into(),
                (&*token.secret_hash).into(),
                i64::from(token.revoked).into(),
                doc(token),
            ],
        ),
        AuthEvent::LoginChanged { login } => rows.put(
            &LOGINS,
            [
                (&*login.secret_hash).into(),
                login.user_id.as_str().into(),
                i64::from(login.over).into(),
                us(login.expires_at),
                doc(login),
            ],
        ),
        AuthEvent::LinkRevoked { link } => rows.put(&REVOKED, [(&**link).into(), us(at)]),
    }
}

/// Everything that opens a door, for the keys kept in memory.
#[derive(Clone, Debug, Default)]
pub struct Everything {
    /// Accounts.
    pub users: Vec<User>,
    /// Tokens, revoked ones too.
    pub tokens: Vec<ApiToken>,
    /// Browsers that are signed in.
    pub logins: Vec<Login>,
    /// Revoked links.
    pub revoked: Vec<Arc<str>>,
}

/// Reads everything that opens a door.
///
/// # Errors
/// When the database cannot be read.
pub async fn everything(connection: &mut AnyConnection) -> Result<Everything, sqlx::Error> {
    let users = sqlx::query("SELECT doc FROM users").fetch_all(&mut *connection).await?;
    let tokens = sqlx::query("SELECT doc FROM tokens").fetch_all(&mut *connection).await?;
    let logins =
        sqlx::query("SELECT doc FROM logins WHERE over = 0").fetch_all(&mut *connection).await?;
    let revoked = sqlx::query("SELECT link FROM revoked_links").fetch_all(&mut *connection).await?;
    Ok(Everything {
        users: users.iter().map(|row| parsed(row, "doc")).collect::<Result<_, _>>()?,
        tokens: tokens.iter().map(|row| parsed(row, "doc")).collect::<Result<_, _>>()?,
        logins: logins.iter().map(|row| parsed(row, "doc")).collect::<Result<_, _>>()?,
        revoked: revoked
            .iter()
            .map(|row| Ok(row.try_get::<String, _>(0)?.into()))
            .collect::<Result<_, sqlx::Error>>()?,
    })
}

/// The secret of a name, made from `fresh` on first use.
///
/// # Errors
/// When the database cannot be read or written.
pub async fn secret(
    connection: &mut AnyConnection,
    name: &str,
    fresh: String,
) -> Result<String, sqlx::Error> {
    sqlx::query("INSERT INTO secrets (name, value) VALUES ($1, $2) ON CONFLICT (name) DO NOTHING")
        .bind(name.to_owned())
        .bind(fresh)
        .execute(&mut *connection)
        .await?;
    let row = sqlx::query("SELECT value FROM secrets WHERE name = $1")
        .bind(name.to_owned())
        .fetch_one(&mut *connection)
        .await?;
    row.try_get(0)
}

/// An account.
///
/// # Errors
/// When the database cannot be read.
pub async fn user(connection: &mut AnyConnection, id: &str) -> Result<Option<User>, sqlx::Error> {
    let row = sqlx::query("SELECT doc FROM users WHERE id = $1")
        .bind(id.to_owned())
        .fetch_optional(connection)
        .await?;
    row.as_ref().map(|row| parsed(row, "doc")).transpose()
}

impl Loader<Auth> for Shelves {
    fn load(&self, _: Arc<str>) -> BoxFuture<'_, Result<(Auth, Seq), LoadError>> {
        async move {
            let mut now = self.database.moment().await.map_err(unloadable)?;
            let position = position(&mut now).await.map_err(unloadable)?;
            let all = everything(&mut now).await.map_err(unloadable)?;
            let auth = Auth {
                users: all.users.into_iter().map(|user| (user.id.clone(), user)).collect(),
                tokens: all.tokens.into_iter().map(|token| (token.id.clone(), token)).collect(),
                logins: all
                    .logins
                    .into_iter()
                    .map(|login| (login.secret_hash.clone(), login))
                    .collect(),
                revoked: all.revoked.into_iter().collect(),
            };
            Ok((auth, position))
        }
        .boxed()
    }
}
