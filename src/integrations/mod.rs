//! Where other people's systems are spoken to: wire shapes, clients, signatures. Nothing here decides;
//! every client keeps a time limit, a size limit, and its secrets out of logs and errors.
//!
//! A vendor's name appears in this folder and in `errands.rs`, nowhere else. No text that a vendor sent
//! reaches a caller: errors carry our own words and the vendor's code.

pub mod form;
pub mod ics;
pub mod nominatim;
pub mod osrm;
pub mod phone;
pub mod traccar;
pub mod twilio;

use bytes::{Bytes, BytesMut};
use futures_util::StreamExt;

/// Installs the one TLS provider of the process (rustls with ring). Call it before any client is built;
/// calling it again changes nothing.
pub fn install_tls() {
    // An error here only says that a provider is installed already, which is what we want.
    let _already = rustls::crypto::ring::default_provider().install_default();
}

/// Why the body of an answer could not be read.
#[derive(Debug, thiserror::Error)]
pub(crate) enum BodyError {
    #[error("the answer is larger than {limit_bytes} bytes")]
    TooLarge { limit_bytes: usize },
    #[error("the answer broke off")]
    BrokeOff,
}

/// Reads an answer's body, never holding more than `limit_bytes` of it.
pub(crate) async fn read_body(
    response: reqwest::Response,
    limit_bytes: usize,
) -> Result<Bytes, BodyError> {
    let mut body = BytesMut::new();
    let mut chunks = response.bytes_stream();
    while let Some(chunk) = chunks.next().await {
        let chunk = chunk.map_err(|_| BodyError::BrokeOff)?;
        if body.len() + chunk.len() > limit_bytes {
            return Err(BodyError::TooLarge { limit_bytes });
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body.freeze())
}

/// Whether a base URL points at this machine, so that no proxy of the environment may stand between.
pub(crate) fn is_loopback(base_url: &str) -> bool {
    reqwest::Url::parse(base_url).is_ok_and(|url| match url.host_str() {
        Some("localhost") => true,
        Some(host) => host
            .trim_start_matches('[')
            .trim_end_matches(']')
            .parse::<std::net::IpAddr>()
            .is_ok_and(|address| address.is_loopback()),
        None => false,
    })
}
