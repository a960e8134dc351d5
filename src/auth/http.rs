//! Signing in and out, the first account, API tokens. Guessing is slowed per address; a wrong name and a wrong
//! password answer alike and take as long.

use std::num::NonZeroU32;
use std::sync::LazyLock;

use actix_web::cookie::{Cookie, SameSite};
use actix_web::{HttpRequest, HttpResponse, web};
use actors::auth::protocol::{ApiToken, Command, Login, Role, User};
use actors::engine::refusal::Language;
use actors::engine::shell::Circumstances;
use actors::ids::{TokenId, UserId};
use argon2::{Argon2, PasswordHasher, PasswordVerifier};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};
use jiff::SignedDuration;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::auth::Caller;
use crate::auth::gate::COOKIE;
use crate::auth::keys::hash;
use crate::error::{Body, Problem};
use crate::house::House;

/// How long a browser stays signed in.
pub(super) const SIGNED_IN: SignedDuration = SignedDuration::from_hours(24 * 14);
/// Shortest password.
const PASSWORD_MIN: usize = 10;

/// Addresses that are remembered before those that were quiet for a minute are forgotten.
const ADDRESSES_MAX: usize = 1_000;

/// Tries to sign in, per address and minute.
static TRIES: LazyLock<DefaultKeyedRateLimiter<String>> = LazyLock::new(|| {
    let ten = NonZeroU32::MIN.saturating_add(9);
    RateLimiter::keyed(Quota::per_minute(ten))
});

/// A hash of nothing anybody knows, so that an unknown name takes as long as a wrong password.
static NOBODY: LazyLock<String> =
    LazyLock::new(|| hashed("nobody has this password").unwrap_or_default());

/// Name and password.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SignIn {
    /// Sign-in name.
    pub email: String,
    /// Password.
    pub password: String,
}

/// The first account.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Setup {
    /// The one-time secret that the first start printed.
    pub token: String,
    /// Name.
    pub name: String,
    /// Sign-in name.
    pub email: String,
    /// Password, ten characters or more.
    pub password: String,
    /// Language of the screens.
    #[serde(default)]
    pub language: Option<Language>,
}

/// Another account.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewUser {
    /// Name.
    pub name: String,
    /// Sign-in name.
    pub email: String,
    /// Password, ten characters or more.
    pub password: String,
    /// What they may do.
    pub role: Role,
    /// Language of the screens.
    #[serde(default)]
    pub language: Option<Language>,
}

/// A new token.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewToken {
    /// What it is for.
    pub name: String,
    /// What it may do.
    pub role: Role,
}

/// Someone signed in, as screens see them.
#[derive(Serialize, ToSchema)]
pub struct UserShape {
    /// Id; empty for a program.
    pub id: String,
    /// Name.
    pub name: String,
    /// Sign-in name.
    pub email: String,
    /// What they may do.
    pub role: Role,
    /// Language of the screens.
    pub language: Language,
    /// The mobile phone from which they may dispatch by text, E.164.
    pub phone: Option<String>,
    /// The account's version; 0 for one that was made before accounts had any, and for a program.
    pub version: i64,
}

/// `{"user": …}`
#[derive(Serialize, ToSchema)]
pub struct UserAnswer {
    /// Who.
    pub user: UserShape,
}

/// An account as others see it, with the version that it has as it is told.
///
/// # Errors
/// 404 where there is none, and when the database cannot be read.
pub(super) async fn shape(house: &House, id: &UserId) -> Result<UserAnswer, Problem> {
    let (user, version) = {
        let mut moment = house.moment().await?;
        let user = super::store::user(&mut moment, id.as_str()).await?;
        (user, crate::undo::version(&mut moment, id.as_str()).await?)
    };
    let user = user.ok_or_else(|| Problem::not_found("account"))?;
    Ok(UserAnswer {
        user: UserShape {
            id: user.id.to_string(),
            name: user.name,
            email: user.email,
            role: user.role,
            language: user.language,
            phone: user.phone.as_deref().map(str::to_owned),
            version,
        },
    })
}

fn hashed(password: &str) -> Result<String, Problem> {
    Argon2::default()
        .hash_password(password.as_bytes())
        .map(|hash| hash.to_string())
        .map_err(|_| Problem::internal())
}

fn checked_account(email: &str, password: &str) -> Result<String, Problem> {
    let email = email.trim().to_lowercase();
    if !email.contains('@') || email.len() > 254 {
        return Err(Problem::invalid("/email", "This is not an e-mail address."));
    }
    if password.chars().count() < PASSWORD_MIN {
        return Err(Problem::invalid("/password", "A password has ten characters or more."));
    }
    Ok(email)
}

/// POST /auth/login
///
/// # Errors
/// 401 for a wrong name or password, 429 after too many tries.
pub async fn login(
    house: web::Data<House>,
    request: HttpRequest,
    body: Body<SignIn>,
) -> Result<HttpResponse, Problem> {
    let SignIn { email, password } = body.0;
    let from = request.peer_addr().map_or_else(String::new, |peer| peer.ip().to_string());
    // Addresses that were quiet for long are forgotten, whoever sends from however many.
    if TRIES.len() > ADDRESSES_MAX {
        TRIES.retain_recent();
        TRIES.shrink_to_fit();
    }
    if TRIES.check_key(&from).is_err() {
        let words = "Too many tries. Wait a minute.";
        return Err(Problem::new(
            actix_web::http::StatusCode::TOO_MANY_REQUESTS,
            "auth.too_many_tries",
            words,
        )
        .retry_after_s(60));
    }
    let user = house.keys.user(&email.trim().to_lowercase());
    let known = user.as_ref().map_or_else(|| NOBODY.clone(), |user| user.password_hash.clone());
    let right = web::block(move || {
        Argon2::default().verify_password(password.as_bytes(), known.as_str()).is_ok()
    })
    .await
    .map_err(|_| Problem::internal())?;
    match user {
        Some(user) if right => signed_in(&house, &user).await,
        _ => Err(Problem::new(
            actix_web::http::StatusCode::UNAUTHORIZED,
            "auth.wrong_password",
            "The address or the password is wrong.",
        )),
    }
}

async fn signed_in(house: &House, user: &User) -> Result<HttpResponse, Problem> {
    let secret = house.secret();
    let login = Login {
        secret_hash: hash(&secret),
        user_id: user.id.clone(),
        expires_at: house.clock.now() + SIGNED_IN,
        over: false,
    };
    let by = Circumstances::by(user.email.as_str());
    let recorded = house.rooms.auth(Command::SignIn(Box::new(login)), by).await?;
    house.learn_keys(&recorded);
    let cookie = Cookie::build(COOKIE, secret)
        .path("/")
        .http_only(true)
        .same_site(SameSite::Lax)
        .secure(house.settings.public_url.starts_with("https://"))
        .max_age(actix_web::cookie::time::Duration::seconds(SIGNED_IN.as_secs()))
        .finish();
    Ok(HttpResponse::Ok().cookie(cookie).json(shape(house, &user.id).await?))
}

/// POST /auth/setup
///
/// # Errors
/// 403 for a wrong or used link, 422 for a bad account.
pub async fn setup(house: web::Data<House>, body: Body<Setup>) -> Result<HttpResponse, Problem> {
    let Setup { token, name, email, password, language } = body.0;
    if !house.keys.is_setup(&token) {
        return Err(Problem::forbidden(
            "This link was used already, or is not the one that was printed.",
        ));
    }
    let email = checked_account(&email, &password)?;
    let user = User {
        id: UserId::new(house.clock.now(), house.entropy()),
        email,
        name,
        role: Role::Admin,
        language: language.unwrap_or(house.policy.language),
        password_hash: web::block(move || hashed(&password))
            .await
            .map_err(|_| Problem::internal())??,
        phone: None,
    };
    let by = Circumstances::by(user.email.as_str());
    let recorded = house.rooms.auth(Command::CreateFirstUser(Box::new(user.clone())), by).await?;
    house.learn_keys(&recorded);
    signed_in(&house, &user).await
}

/// POST /auth/users
///
/// # Errors
/// 409 for a taken address, 422 for a bad account.
pub async fn create_user(
    house: web::Data<House>,
    caller: Caller,
    body: Body<NewUser>,
) -> Result<HttpResponse, Problem> {
    let NewUser { name, email, password, role, language } = body.0;
    let email = checked_account(&email, &password)?;
    let user = User {
        id: UserId::new(house.clock.now(), house.entropy()),
        email,
        name,
        role,
        language: language.unwrap_or(house.policy.language),
        password_hash: web::block(move || hashed(&password))
            .await
            .map_err(|_| Problem::internal())??,
        phone: None,
    };
    let by = Circumstances::by(caller.name);
    let recorded = house.rooms.auth(Command::CreateUser(Box::new(user.clone())), by).await?;
    house.learn_keys(&recorded);
    Ok(HttpResponse::Created().json(shape(&house, &user.id).await?))
}

/// POST /auth/logout
///
/// # Errors
/// Faults only.
pub async fn logout(
    house: web::Data<House>,
    request: HttpRequest,
) -> Result<HttpResponse, Problem> {
    let mut answer = HttpResponse::NoContent();
    if let Some(mut cookie) = request.cookie(COOKIE) {
        let command = Command::SignOut { secret_hash: hash(cookie.value()) };
        let recorded = house.rooms.auth(command, Circumstances::by("browser")).await?;
        house.learn_keys(&recorded);
        cookie.set_path("/");
        cookie.make_removal();
        answer.cookie(cookie);
    }
    Ok(answer.finish())
}

/// GET /auth/me
///
/// # Errors
/// 401.
pub async fn me(
    house: web::Data<House>,
    request: HttpRequest,
    caller: Caller,
) -> Result<HttpResponse, Problem> {
    let user = request
        .cookie(COOKIE)
        .and_then(|cookie| house.keys.login(cookie.value(), house.clock.now()));
    let answer = match &user {
        Some(user) => shape(&house, &user.id).await?,
        None => UserAnswer {
            user: UserShape {
                id: String::new(),
                name: caller.name.to_string(),
                email: String::new(),
                role: caller.role,
                language: house.policy.language,
                phone: None,
                version: 0,
            },
        },
    };
    Ok(HttpResponse::Ok().json(answer))
}

/// POST /auth/tokens: the token's secret is in this answer and nowhere else.
///
/// # Errors
/// 422 for an empty name.
pub async fn create_token(
    house: web::Data<House>,
    caller: Caller,
    body: Body<NewToken>,
) -> Result<HttpResponse, Problem> {
    let NewToken { name, role } = body.0;
    if name.trim().is_empty() {
        return Err(Problem::invalid("/name", "A token needs a name."));
    }
    let (token, secret) = new_token(&house, name, role).await?;
    tracing::info!(token = %token.name, by = %caller.name, "an api token was made");
    Ok(HttpResponse::Created().json(serde_json::json!({
        "id": token.id, "name": token.name, "role": token.role, "token": secret,
    })))
}

/// Makes a token; also for the command line.
///
/// # Errors
/// Faults only.
pub async fn new_token(
    house: &House,
    name: String,
    role: Role,
) -> Result<(ApiToken, String), Problem> {
    let secret = format!("trn_{}", house.secret());
    let token = ApiToken {
        id: TokenId::new(house.clock.now(), house.entropy()),
        name,
        role,
        secret_hash: hash(&secret),
        created_at: house.clock.now(),
        revoked: false,
    };
    let command = Command::CreateToken(Box::new(token.clone()));
    let recorded = house.rooms.auth(command, Circumstances::by("house")).await?;
    house.learn_keys(&recorded);
    Ok((token, secret))
}

/// DELETE /auth/tokens/{id}
///
/// # Errors
/// 404.
pub async fn revoke_token(
    house: web::Data<House>,
    caller: Caller,
    id: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    let command = Command::RevokeToken(TokenId::from_text(&id));
    let recorded = house.rooms.auth(command, Circumstances::by(caller.name)).await?;
    house.learn_keys(&recorded);
    Ok(HttpResponse::NoContent().finish())
}
