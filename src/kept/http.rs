//! The paths of whatever is [`Kept`]: a list, one, a new one, an edit with the version that the editor saw, and its end.
//! The routes' table says which of them a thing has, and who may call them.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use actors::engine::shell::Circumstances;
use serde_json::{Value, json};

use super::Kept;
use super::store::{self, Known};
use crate::auth::Caller;
use crate::edits::{edited, with_current};
use crate::error::{Body, Problem};
use crate::house::House;
use crate::input::{Create, listed_whole};

/// The one of this id.
///
/// # Errors
/// 404 and faults.
pub async fn known<T: Kept>(house: &House, id: &str) -> Result<Known<T>, Problem> {
    T::find(house, id).await?.ok_or_else(|| Problem::not_found(T::NOUN))
}

/// It as it is now, as an answer.
///
/// # Errors
/// 404 and faults.
pub async fn shape<T: Kept>(house: &House, id: &str) -> Result<Value, Problem> {
    Ok(json!(known::<T>(house, id).await?))
}

/// POST: a new one.
///
/// # Errors
/// 409 for a taken name, 422 naming the field.
pub async fn create<T: Kept>(
    house: web::Data<House>,
    caller: Caller,
    body: Create<T::Input>,
) -> Result<HttpResponse, Problem> {
    let (input, once) = body.split();
    let thing = T::checked(&house, input, None).await?;
    once.answer(&house, &caller, |inbox| {
        let (house, by) = (house.clone(), caller.name.clone());
        async move {
            let id = thing.id().to_owned();
            thing.make(&house, Circumstances::by(by).with_inbox(inbox)).await?;
            Ok((StatusCode::CREATED, shape::<T>(&house, &id).await?))
        }
    })
    .await
}

/// GET: all of them.
///
/// # Errors
/// Faults only.
pub async fn list<T: Kept>(house: web::Data<House>) -> Result<HttpResponse, Problem> {
    Ok(listed_whole(&store::all::<T>(&mut *house.read().await?).await?))
}

/// GET: one of them.
///
/// # Errors
/// 404.
pub async fn one<T: Kept>(
    house: web::Data<House>,
    id: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    Ok(HttpResponse::Ok().json(known::<T>(&house, &id).await?))
}

/// PATCH: fields given replace fields held.
///
/// # Errors
/// 404, 409 for an old version or a taken name, 422 naming the field.
pub async fn edit<T: Kept>(
    house: web::Data<House>,
    caller: Caller,
    id: web::Path<String>,
    body: Body<Value>,
) -> Result<HttpResponse, Problem> {
    let held = known::<T>(&house, &id).await?;
    let (input, version) = edited(&T::Input::from(held.thing.clone()), body.0)?;
    let after = T::checked(&house, input, Some(&held.thing)).await?;
    let (id, version) = (after.id().to_owned(), version.unwrap_or(held.version));
    let why = Circumstances::by(caller.name);
    match after.change(&house, held.thing, version, why).await {
        Ok(()) => Ok(HttpResponse::Ok().json(known::<T>(&house, &id).await?)),
        Err(problem) if problem.is_stale() => {
            let now = known::<T>(&house, &id).await?;
            Err(with_current(&house, problem, &now, now.version).await)
        }
        Err(problem) => Err(problem),
    }
}

/// DELETE: it is gone.
///
/// # Errors
/// 404, 409 where something still needs it.
pub async fn delete<T: Kept>(
    house: web::Data<House>,
    caller: Caller,
    id: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    T::delete(&house, &id, Circumstances::by(caller.name)).await?;
    Ok(HttpResponse::NoContent().finish())
}
