//! The proof that a webhook comes from Twilio. Called by `inbound.rs` before anything else is looked at.
//! It signs over the *configured* public URL, never over the `Host` header, which a caller chooses.
//!
//! The scheme: base64(HMAC(key, url + every parameter, sorted by name, each distinct value sorted)).
//! A raw (JSON) body is bound through `bodySHA256` in the query instead, and then the URL alone is signed.

use std::collections::{BTreeMap, BTreeSet};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use sha1::Sha1;
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

/// The header that bears the signature.
pub const SIGNATURE_HEADER: &str = "X-Twilio-Signature";
/// The header that names another key and algorithm than the account's token with SHA-1.
pub const SETTINGS_HEADER: &str = "X-Twilio-Webhooks-Signature-Settings";

/// What a webhook may be signed with.
#[derive(Clone, Default)]
pub struct Keys {
    /// The account's auth token, and while it is being changed the next one too.
    pub auth_tokens: Vec<String>,
    /// Shared keys by their name (`webhooks_sharedkey_…`), for HMAC-SHA256.
    pub shared_keys: Vec<(String, String)>,
}

impl std::fmt::Debug for Keys {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("Keys")
            .field("auth_tokens", &self.auth_tokens.len())
            .field("shared_keys", &self.shared_keys.len())
            .finish_non_exhaustive()
    }
}

/// The two headers, as received.
#[derive(Debug, Clone, Copy, Default)]
pub struct Headers<'a> {
    pub signature: Option<&'a str>,
    pub settings: Option<&'a str>,
}

/// What was posted.
#[derive(Debug, Clone, Copy)]
pub enum Content<'a> {
    /// All parameters of a form, decoded, repeated ones included.
    Form(&'a [(String, String)]),
    /// The bytes of any other body; the URL must carry `bodySHA256`.
    Raw(&'a [u8]),
    /// A GET or a WebSocket's opening: the URL alone is signed.
    Nothing,
}

/// Why a webhook is not believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// Answer 400: it does not even claim to be Twilio.
    #[error("the signature is missing")]
    Missing,
    /// Answer 403.
    #[error("the signature's settings name a key or an algorithm we do not have")]
    UnknownSettings,
    /// Answer 403.
    #[error("the body is not the one that was signed")]
    OtherBody,
    /// Answer 403.
    #[error("the signature is wrong")]
    Mismatch,
}

/// Believes a webhook, or says why not.
///
/// `public_url` is the configured origin (with or without port), `path_and_query` what was asked for,
/// byte for byte as received.
pub fn verify(
    keys: &Keys,
    public_url: &str,
    path_and_query: &str,
    headers: Headers<'_>,
    content: Content<'_>,
) -> Result<(), Refused> {
    let given = headers.signature.filter(|text| !text.is_empty()).ok_or(Refused::Missing)?;
    let given = STANDARD.decode(given).map_err(|_| Refused::Mismatch)?;
    let signers = signers(keys, headers.settings)?;
    let path_and_query = path_and_query.split('#').next().unwrap_or_default();
    let tail = match content {
        Content::Form(form) => sorted(form),
        Content::Nothing => String::new(),
        Content::Raw(body) => {
            check_body(path_and_query, body)?;
            String::new()
        }
    };
    let url = format!("{}{path_and_query}", public_url.trim_end_matches('/'));
    // Every candidate is computed, so that the time taken does not tell which one was near.
    let mut matched = subtle::Choice::from(0);
    for url in spellings(&url) {
        for signer in &signers {
            matched |= signer.sign(&url, &tail).as_slice().ct_eq(&given);
        }
    }
    if bool::from(matched) { Ok(()) } else { Err(Refused::Mismatch) }
}

/// The signature Twilio would put on a form, for doubles and demonstrations that play its part.
pub fn sign(auth_token: &str, url: &str, form: &[(String, String)]) -> String {
    STANDARD.encode(Signer::Sha1(auth_token).sign(url, &sorted(form)))
}

enum Signer<'a> {
    Sha1(&'a str),
    Sha256(&'a str),
}

impl Signer<'_> {
    fn sign(&self, url: &str, tail: &str) -> Vec<u8> {
        match self {
            Self::Sha1(key) => mac::<Hmac<Sha1>>(key, url, tail),
            Self::Sha256(key) => mac::<Hmac<Sha256>>(key, url, tail),
        }
    }
}

fn mac<M: Mac + KeyInit>(key: &str, url: &str, tail: &str) -> Vec<u8> {
    // HMAC takes a key of any length, so the error arm cannot be reached; an empty answer matches nothing.
    let Ok(mut mac) = <M as KeyInit>::new_from_slice(key.as_bytes()) else { return Vec::new() };
    mac.update(url.as_bytes());
    mac.update(tail.as_bytes());
    mac.finalize().into_bytes().to_vec()
}

fn signers<'a>(keys: &'a Keys, settings: Option<&str>) -> Result<Vec<Signer<'a>>, Refused> {
    // An empty token would let anybody sign, so it counts as none.
    let known = |secret: &&'a str| !secret.is_empty();
    let Some(settings) = settings.filter(|text| !text.trim().is_empty()) else {
        let tokens = keys.auth_tokens.iter().map(String::as_str).filter(known);
        return Ok(tokens.map(Signer::Sha1).collect());
    };
    let setting = |wanted: &str| {
        settings.split(',').find_map(|part| {
            let (name, value) = part.split_once('=')?;
            (name.trim() == wanted).then(|| value.trim())
        })
    };
    let key = setting("key").ok_or(Refused::UnknownSettings)?;
    let secret = keys.shared_keys.iter().find(|(name, _)| name == key).map(|(_, key)| key.as_str());
    let secret = secret.filter(known).ok_or(Refused::UnknownSettings)?;
    match setting("algorithm") {
        Some("HMAC_SHA256") => Ok(vec![Signer::Sha256(secret)]),
        _ => Err(Refused::UnknownSettings),
    }
}

/// Name and value of every parameter, run together: names sorted, of a repeated one each distinct value once.
fn sorted(form: &[(String, String)]) -> String {
    let mut by_name: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for (name, value) in form {
        by_name.entry(name).or_default().insert(value);
    }
    let mut out = String::new();
    for (name, values) in by_name {
        for value in values {
            out.push_str(name);
            out.push_str(value);
        }
    }
    out
}

fn check_body(path_and_query: &str, body: &[u8]) -> Result<(), Refused> {
    let query = path_and_query.split_once('?').map(|(_, query)| query).unwrap_or_default();
    let claimed = super::super::form::pairs(query.as_bytes())
        .find_map(|(name, value)| (name == b"bodySHA256").then_some(value))
        .ok_or(Refused::OtherBody)?;
    let found = hex::encode(Sha256::digest(body));
    let same = found.as_bytes().ct_eq(claimed.to_ascii_lowercase().as_slice());
    if bool::from(same) { Ok(()) } else { Err(Refused::OtherBody) }
}

/// The URL with its port and without: Twilio signs either, depending on product and proxy.
fn spellings(url: &str) -> Vec<String> {
    let Some((scheme, rest)) = url.split_once("://") else { return vec![url.to_owned()] };
    let authority_end = rest.find(['/', '?']).unwrap_or(rest.len());
    let (authority, tail) = rest.split_at(authority_end);
    let host_start = authority.rfind('@').map_or(0, |at| at + 1);
    // The colon after the last bracket, so that an IPv6 address keeps its own.
    let after_bracket = authority.rfind(']').map_or(host_start, |at| at + 1);
    let port_at = authority[after_bracket..].find(':').map(|at| after_bracket + at);
    match port_at {
        Some(at) => vec![url.to_owned(), format!("{scheme}://{}{tail}", &authority[..at])],
        None => {
            let port = if matches!(scheme, "https" | "wss") { 443 } else { 80 };
            vec![url.to_owned(), format!("{scheme}://{authority}:{port}{tail}")]
        }
    }
}

#[cfg(test)]
#[path = "signature_tests.rs"]
mod tests;
