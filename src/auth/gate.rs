//! The one gate that every route passes. It proves who is calling, by token or cookie, and lets a request through
//! only when the routes' table names its method and path and the caller's role. What the table does not name is
//! closed. Identity headers of a proxy are not believed in this version: they prove nothing here.

use std::collections::HashMap;
use std::sync::Arc;

use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::{Method, header};
use actix_web::middleware::Next;
use actix_web::{HttpMessage, HttpRequest, ResponseError, web};

use crate::auth::extract::Proof;
use crate::auth::keys::hash;
use crate::auth::{Caller, Role};
use crate::error::Problem;
use crate::house::House;

/// The cookie of a signed-in browser.
pub const COOKIE: &str = "tournee";

/// Who may use a route.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// Anybody: what it answers is nobody's secret.
    Anyone,
    /// The handler checks a proof of its own: a signed link, a provider's signature, a tracker's name.
    OwnProof,
    /// Staff and programs of these roles.
    Staff(&'static [Role]),
}

/// Every route's access, by path pattern and method: found without making anything, as every request passes here.
#[derive(Clone, Default)]
pub struct Gate(Arc<HashMap<&'static str, Vec<(Method, Access)>>>);

impl Gate {
    /// From the routes' table.
    pub fn new(rules: impl IntoIterator<Item = (Method, &'static str, Access)>) -> Self {
        let mut by_path: HashMap<&'static str, Vec<(Method, Access)>> = HashMap::new();
        for (method, path, access) in rules {
            by_path.entry(path).or_default().push((method, access));
        }
        Self(Arc::new(by_path))
    }

    fn access(&self, method: &Method, pattern: &str) -> Option<Access> {
        let method = if *method == Method::HEAD { &Method::GET } else { method };
        let methods = self.0.get(pattern)?;
        methods.iter().find(|(known, _)| known == method).map(|(_, access)| *access)
    }
}

/// The middleware.
///
/// # Errors
/// 401, 403, or what the handler answers.
pub async fn pass(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, actix_web::Error> {
    match admit(&request) {
        Ok(caller) => {
            if let Some(caller) = caller {
                request.extensions_mut().insert(caller);
            }
            next.call(request).await.map(ServiceResponse::map_into_boxed_body)
        }
        Err(problem) => {
            let response = problem.error_response();
            Ok(request.into_response(response))
        }
    }
}

fn admit(request: &ServiceRequest) -> Result<Option<Caller>, Problem> {
    let (Some(gate), Some(house)) =
        (request.app_data::<web::Data<Gate>>(), request.app_data::<web::Data<House>>())
    else {
        return Err(Problem::internal());
    };
    // An unknown path answers 404 to everybody; an unknown method of a known path is closed.
    let Some(pattern) = request.match_pattern() else { return Ok(None) };
    match gate.access(request.method(), &pattern) {
        Some(Access::Anyone) => Ok(caller(request.request(), house)?),
        // A login proves nothing there, so that nobody can borrow it either: whose link it is may always use it.
        Some(Access::OwnProof) => Ok(None),
        Some(Access::Staff(roles)) => {
            let caller = caller(request.request(), house)?.ok_or_else(Problem::unauthorized)?;
            caller.must_be(roles)?;
            Ok(Some(caller))
        }
        None => Ok(None),
    }
}

/// Who is calling, if they prove it.
fn caller(request: &HttpRequest, house: &House) -> Result<Option<Caller>, Problem> {
    if let Some(value) = request.headers().get(header::AUTHORIZATION) {
        let token = value.to_str().ok().and_then(|text| text.strip_prefix("Bearer "));
        return Ok(token.and_then(|token| house.keys.token(token.trim())));
    }
    let Some(cookie) = request.cookie(COOKIE) else { return Ok(None) };
    let Some(user) = house.keys.login(cookie.value(), house.clock.now()) else { return Ok(None) };
    if !request.method().is_safe() && is_foreign(request) {
        return Err(Problem::forbidden("This request comes from another site."));
    }
    let proof = Proof::Login(hash(cookie.value()));
    Ok(Some(Caller { name: user.email.as_str().into(), role: user.role, proof }))
}

/// True when a browser says that another site's page sent this.
fn is_foreign(request: &HttpRequest) -> bool {
    let Some(origin) = request.headers().get(header::ORIGIN) else { return false };
    let Some(host) = request.headers().get(header::HOST) else { return true };
    let (Ok(origin), Ok(host)) = (origin.to_str(), host.to_str()) else { return true };
    origin.split_once("://").is_none_or(|(_, theirs)| !theirs.eq_ignore_ascii_case(host))
}
