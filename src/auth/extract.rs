//! Who is calling: the only way into a handler of the staff's surface.
//!
//! The gate (a middleware over every route) proves the caller and leaves a [`Caller`] in the request; a handler
//! asks for it as an argument. Without one the answer is 401, so a route that forgot the gate is closed, not open.

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpMessage, HttpRequest};
use std::future::{Ready, ready};
use std::sync::Arc;

use crate::error::Problem;

pub use actors::auth::protocol::Role;

/// A proven member of staff, or a program with a token.
#[derive(Debug, Clone)]
pub struct Caller {
    /// The e-mail address or the token's name, for the audit log.
    pub name: Arc<str>,
    pub role: Role,
    pub proof: Proof,
}

/// What a caller showed, so that a long connection can be asked again whether it still holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Proof {
    /// The administrator's token of the settings.
    Settings,
    /// An API token, by the hash of its secret.
    Token(Arc<str>),
    /// A browser's sign-in, by the hash of its secret.
    Login(Arc<str>),
}

impl Caller {
    /// Refuses unless the role is one of `roles`. `Admin` is not implied.
    ///
    /// # Errors
    /// 403.
    pub fn must_be(&self, roles: &[Role]) -> Result<(), Problem> {
        if roles.contains(&self.role) {
            return Ok(());
        }
        Err(Problem::forbidden("Your role does not allow this."))
    }
}

impl FromRequest for Caller {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(request.extensions().get::<Caller>().cloned().ok_or_else(Problem::unauthorized))
    }
}
