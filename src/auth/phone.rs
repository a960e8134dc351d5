//! The mobile phone of one's own account: from it one may dispatch by text. Nobody changes somebody else's here, and a
//! program has none.

use actix_web::{HttpResponse, web};
use actors::auth::protocol::Command;
use actors::engine::shell::Circumstances;
use serde::{Deserialize, Deserializer};
use utoipa::ToSchema;

use crate::auth::Caller;
use crate::auth::extract::Proof;
use crate::auth::http::shape;
use crate::edits::with_current;
use crate::error::{Body, Problem};
use crate::house::House;
use crate::integrations::phone::normalise;

/// One's own account, changed.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OwnAccount {
    /// The mobile phone from which one may dispatch by text; null for none, as it was where left out.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<String>)]
    pub phone: Option<Option<String>>,
    /// What was seen of the account.
    pub version: i64,
}

/// Null is said, and not left out.
fn given<'de, D: Deserializer<'de>>(field: D) -> Result<Option<Option<String>>, D::Error> {
    Option::deserialize(field).map(Some)
}

/// PATCH /auth/me
///
/// # Errors
/// 403 for a program, 409 for an old version or another account's phone, 422 for what is no phone.
pub async fn change(
    house: web::Data<House>,
    caller: Caller,
    body: Body<OwnAccount>,
) -> Result<HttpResponse, Problem> {
    // A token that comes with somebody's cookie is a program still.
    let login = matches!(caller.proof, Proof::Login(_)).then(|| house.keys.user(&caller.name));
    let user = login.flatten();
    let user = user.ok_or_else(|| Problem::forbidden("A program has no account of its own."))?;
    let OwnAccount { phone, version } = body.0;
    let Some(phone) = phone else {
        return Ok(HttpResponse::Ok().json(shape(&house, &user.id).await?));
    };
    let phone = phone.filter(|phone| !phone.trim().is_empty());
    let phone = phone.map(|phone| normalise(&phone)).transpose();
    let phone = phone.map_err(|_| {
        let (fr, en) =
            ("Ce numéro de téléphone n'est pas valide.", "This phone number is not valid.");
        crate::refusals::invalid("auth.bad_phone", fr, en).pointer("/phone", en)
    })?;
    let phone = phone.map(Into::into);
    let command = Command::ChangePhone { user_id: user.id.clone(), phone, version };
    match house.rooms.auth(command, Circumstances::by(caller.name)).await.map_err(Problem::from) {
        Ok(recorded) => house.learn_keys(&recorded),
        Err(problem) if problem.is_stale() => {
            let now = shape(&house, &user.id).await?;
            return Err(with_current(&house, problem, &now.user, now.user.version).await);
        }
        Err(problem) => return Err(problem),
    }
    Ok(HttpResponse::Ok().json(shape(&house, &user.id).await?))
}
