//! Takes out of any text what must not be in a log: credentials wherever they are recognisable, and most of a phone
//! number. It errs on the side of hiding, and knows nothing of who logs.

use std::borrow::Cow;

const HIDDEN: &str = "***";

/// Path segments after which a secret follows.
const BEFORE_SECRET: &[&str] = &["/t/", "/track/", "/portal/", "/setup/", "/traccar/osmand/"];

/// Query or form names whose values are secrets.
const SECRET_NAMES: &[&str] =
    &["token", "access_token", "auth_token", "api_key", "password", "secret", "signature"];

/// Names of log fields whose values are never shown at all.
pub(super) fn is_secret_field(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    matches!(name.as_str(), "authorization" | "cookie" | "set_cookie" | "bearer")
        || SECRET_NAMES.iter().any(|secret| name == *secret)
}

/// A number as it may be logged: `+14505550134` becomes `+1450…34`.
pub fn phone(number: &str) -> String {
    let digits: String = number.chars().filter(char::is_ascii_digit).collect();
    match digits.len() {
        8.. => format!("+{}…{}", &digits[..4], &digits[digits.len() - 2..]),
        _ => HIDDEN.to_owned(),
    }
}

/// `line` without credentials and with phone numbers shortened; borrowed where there was nothing to hide.
pub fn text(line: &str) -> Cow<'_, str> {
    let mut out: Option<String> = None;
    let mut copied = 0;
    let mut at = 0;
    while at < line.len() {
        match hidden_at(line, at) {
            Some((from, to, instead)) => {
                let out = out.get_or_insert_with(|| String::with_capacity(line.len()));
                out.push_str(&line[copied..from]);
                out.push_str(&instead);
                copied = to;
                at = to.max(at + 1);
            }
            None => at += 1,
        }
        while !line.is_char_boundary(at) {
            at += 1;
        }
    }
    match out {
        None => Cow::Borrowed(line),
        Some(mut out) => {
            out.push_str(&line[copied.min(line.len())..]);
            Cow::Owned(out)
        }
    }
}

/// What to replace when something secret is announced at byte `at`: from, to, and by what.
fn hidden_at(line: &str, at: usize) -> Option<(usize, usize, String)> {
    let rest = &line[at..];
    let hide = |from: usize, to: usize| (to > from).then(|| (from, to, HIDDEN.to_owned()));
    match rest.as_bytes()[0] {
        b'/' => {
            if let Some(user) = user_of_address(line, at) {
                return hide(at + 2, at + 2 + user);
            }
            let before = BEFORE_SECRET.iter().find(|before| rest.starts_with(**before))?;
            let from = at + before.len();
            hide(from, from + run(&line[from..], |c| !"/?#&\"' ,;)".contains(c)))
        }
        b'=' | b':' => {
            let before = line[..at].trim_end_matches(['"', '\\']);
            let kind = |c: char| c.is_ascii_alphanumeric() || c == '_';
            let name = &before[before.trim_end_matches(kind).len()..].to_ascii_lowercase();
            if !SECRET_NAMES.contains(&name.as_str()) {
                return None;
            }
            let from = at + 1 + run(&line[at + 1..], |c| " \"\\".contains(c));
            hide(from, from + run(&line[from..], |c| !"&\"' ,;)".contains(c)))
        }
        b'B' | b'b' => {
            let scheme = ["Bearer ", "bearer ", "Basic ", "basic "];
            let scheme = scheme.iter().find(|scheme| rest.starts_with(**scheme))?;
            let from = at + scheme.len();
            let length = run(&line[from..], |c| c.is_ascii_alphanumeric() || "-._~+/=".contains(c));
            // Shorter words are prose: "basic service".
            hide(from, if length >= 12 { from + length } else { from })
        }
        b'e' if rest.starts_with("eyJ") => {
            let length = run(rest, |c| c.is_ascii_alphanumeric() || "-_.".contains(c));
            hide(at, if length >= 20 { at + length } else { at })
        }
        b'+' => number(line, at, 1),
        b'%' if rest.starts_with("%2B") || rest.starts_with("%2b") => number(line, at, 3),
        _ => None,
    }
}

/// An international number whose plus sign takes `sign` bytes at `at`.
fn number(line: &str, at: usize, sign: usize) -> Option<(usize, usize, String)> {
    let length = run(&line[at + sign..], |c| c.is_ascii_digit());
    let digits = line.get(at + sign..at + sign + length)?;
    (8..=15).contains(&length).then(|| (at, at + sign + length, phone(digits)))
}

/// The length of `user:password` in `//user:password@host`.
fn user_of_address(line: &str, at: usize) -> Option<usize> {
    let rest = line[at..].strip_prefix("//")?;
    let authority = run(rest, |c| !"/?# \"'".contains(c));
    rest[..authority].rfind('@')
}

/// How many bytes at the start are of this kind; control characters end every run.
fn run(text: &str, kind: impl Fn(char) -> bool) -> usize {
    text.find(|c: char| c.is_control() || !kind(c)).unwrap_or(text.len())
}
