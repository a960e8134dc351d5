//! PostgreSQL's own programs, for the copies that only they make well. The password goes through the environment,
//! since arguments are seen by everyone on the machine.

use std::path::Path;
use std::process::{Command, Stdio};

use super::Failure;
use crate::config::Secret;

/// `pg_dump` of a whole database, in its own compressed form.
pub(super) fn dump(url: &Secret, to: &Path) -> Result<(), Failure> {
    let mut command = program("pg_dump", url)?;
    command.args(["--format=custom", "--no-owner", "--file"]).arg(to);
    finish("pg_dump", command)
}

/// `pg_restore` of what `dump` wrote, all of it or nothing.
pub(super) fn load(url: &Secret, from: &Path) -> Result<(), Failure> {
    let mut command = program("pg_restore", url)?;
    command.args(["--single-transaction", "--exit-on-error", "--no-owner"]).arg(from);
    finish("pg_restore", command)
}

fn program(name: &str, url: &Secret) -> Result<Command, Failure> {
    let mut url = reqwest::Url::parse(url.expose())
        .map_err(|_| Failure::new("the database's address cannot be read"))?;
    let password = url.password().map(decoded);
    // Fails for addresses without a host alone, which bear no password either.
    let _ = url.set_password(None);
    let mut command = Command::new(name);
    command.arg(format!("--dbname={url}")).stdin(Stdio::null()).stdout(Stdio::null());
    if let Some(password) = password {
        command.env("PGPASSWORD", password);
    }
    Ok(command)
}

fn finish(name: &str, mut command: Command) -> Result<(), Failure> {
    let output = command.stderr(Stdio::piped()).output().map_err(|error| match error.kind() {
        std::io::ErrorKind::NotFound => Failure::new(format!(
            "{name} is not installed; on Debian or Ubuntu: sudo apt-get install postgresql-client"
        )),
        _ => Failure::new(format!("{name} cannot be started: {error}")),
    })?;
    if output.status.success() {
        return Ok(());
    }
    let said = String::from_utf8_lossy(&output.stderr);
    let line = said.lines().find(|line| !line.trim().is_empty()).unwrap_or("no reason given");
    Err(Failure::new(line))
}

/// `%40` and its like as what they stand for.
fn decoded(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let hex = text.get(at + 1..at + 3).and_then(|hex| u8::from_str_radix(hex, 16).ok());
        match (bytes[at], hex) {
            (b'%', Some(byte)) => {
                out.push(byte);
                at += 3;
            }
            (byte, _) => {
                out.push(byte);
                at += 1;
            }
        }
    }
    String::from_utf8_lossy(&out).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_password_is_never_an_argument() {
        let url = Secret::new("postgres://ana:p%40ss@127.0.0.1:5433/tournee?sslmode=disable");
        let command = program("pg_dump", &url).unwrap();
        let arguments: Vec<_> = command.get_args().map(|a| a.to_string_lossy()).collect();
        assert_eq!(arguments, ["--dbname=postgres://ana@127.0.0.1:5433/tournee?sslmode=disable"]);
        let environment: Vec<_> = command.get_envs().collect();
        assert_eq!(environment, [("PGPASSWORD".as_ref(), Some("p@ss".as_ref()))]);
    }

    #[test]
    fn a_stray_percent_sign_is_itself() {
        assert_eq!(decoded("50%é%2"), "50%é%2");
    }
}
