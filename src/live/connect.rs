//! What a new TCP connection is set up with; passed to `HttpServer::on_connect`.
//!
//! A client that stops reading freezes whatever writes to it, a heartbeat included, so the deadline for a jammed socket
//! is the kernel's.

use actix_web::dev::Extensions;
use actix_web::rt::net::TcpStream;
use socket2::{SockRef, TcpKeepalive};
use std::any::Any;
use std::time::Duration;

/// Sent data that stays unacknowledged this long kills the connection.
pub const JAMMED_AFTER: Duration = Duration::from_secs(25);
/// Silence before the kernel asks whether the peer is still there.
const KEEPALIVE_AFTER: Duration = Duration::from_secs(60);
const KEEPALIVE_EVERY: Duration = Duration::from_secs(15);

/// For `HttpServer::on_connect`.
pub fn on_connect(connection: &dyn Any, _: &mut Extensions) {
    set_up(connection, JAMMED_AFTER);
}

/// Sets the kernel's deadlines; `jammed_after` is a parameter for tests.
pub fn set_up(connection: &dyn Any, jammed_after: Duration) {
    let Some(stream) = connection.downcast_ref::<TcpStream>() else { return };
    let socket = SockRef::from(stream);
    let keepalive = TcpKeepalive::new().with_time(KEEPALIVE_AFTER).with_interval(KEEPALIVE_EVERY);
    // Small frames must not wait for the acknowledgement of the ones before.
    let set = socket
        .set_tcp_nodelay(true)
        .and_then(|()| socket.set_tcp_user_timeout(Some(jammed_after)))
        .and_then(|()| socket.set_tcp_keepalive(&keepalive));
    if let Err(error) = set {
        tracing::debug!(%error, "a connection's deadlines could not be set");
    }
}
