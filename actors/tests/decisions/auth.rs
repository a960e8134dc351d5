//! The door-keeper.

use actors::auth::Auth;
use actors::auth::protocol::{ApiToken, AuthRefusal, Command, Login, Role, User};
use actors::engine::refusal::Language;

use crate::world::{ask, at, names};

fn user(email: &str) -> Box<User> {
    Box::new(User {
        id: format!("user_{email}").as_str().into(),
        email: email.to_owned(),
        name: "Ana Roy".to_owned(),
        role: Role::Admin,
        language: Language::Fr,
        password_hash: "$argon2id$".to_owned(),
        phone: None,
    })
}

#[test]
fn the_first_account_is_made_once_whoever_holds_the_link() {
    let mut auth = Auth::default();
    let first = Command::CreateFirstUser(user("ana@example.org"));
    assert_eq!(names(&ask(&mut auth, &first).unwrap()), ["user_created"]);
    let second = Command::CreateFirstUser(user("eve@example.org"));
    assert_eq!(ask(&mut auth, &second).unwrap_err(), AuthRefusal::FirstUserExists);
    let same = Command::CreateUser(user("ana@example.org"));
    assert_eq!(ask(&mut auth, &same).unwrap_err(), AuthRefusal::EmailTaken);
    ask(&mut auth, &Command::CreateUser(user("marc@example.org"))).unwrap();
    assert_eq!(auth.users.len(), 2);
}

#[test]
fn a_revoked_token_stays_revoked_and_a_second_time_changes_nothing() {
    let mut auth = Auth::default();
    let revoke = Command::RevokeToken("token_1".into());
    assert_eq!(ask(&mut auth, &revoke).unwrap_err(), AuthRefusal::NoSuchToken);
    let token = ApiToken {
        id: "token_1".into(),
        name: "automation".to_owned(),
        role: Role::Viewer,
        secret_hash: "aa".into(),
        created_at: at("09:00"),
        revoked: false,
    };
    ask(&mut auth, &Command::CreateToken(Box::new(token))).unwrap();
    assert_eq!(names(&ask(&mut auth, &revoke).unwrap()), ["token_changed"]);
    assert!(auth.tokens[&"token_1".into()].revoked);
    assert!(ask(&mut auth, &revoke).unwrap().is_nothing());
}

#[test]
fn signing_out_ends_one_login_and_knows_nothing_of_others() {
    let mut auth = Auth::default();
    for secret in ["aa", "bb"] {
        let login = Login {
            secret_hash: secret.into(),
            user_id: "user_1".into(),
            expires_at: at("20:00"),
            over: false,
        };
        ask(&mut auth, &Command::SignIn(Box::new(login))).unwrap();
    }
    let out = Command::SignOut { secret_hash: "aa".into() };
    assert_eq!(names(&ask(&mut auth, &out).unwrap()), ["login_changed"]);
    assert_eq!(auth.logins.len(), 1);
    assert!(ask(&mut auth, &out).unwrap().is_nothing());
}

#[test]
fn a_link_is_revoked_once() {
    let mut auth = Auth::default();
    let revoke = Command::RevokeLink { link: "jti-1".into() };
    assert_eq!(names(&ask(&mut auth, &revoke).unwrap()), ["link_revoked"]);
    assert!(ask(&mut auth, &revoke).unwrap().is_nothing());
}
