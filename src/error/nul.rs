//! The character NUL, which no text of ours may hold: PostgreSQL cannot keep it, and a text with it is nobody's name.

use serde_json::Value;

use super::Problem;

/// Looks for NUL in the strings of a JSON document.
///
/// # Errors
/// 422 with the place of the first one.
pub fn refuse(text: &[u8]) -> Result<(), Problem> {
    // JSON can write it in one way only; hardly a body bears that, so hardly one is read twice.
    let written = b"\\u0000";
    if !text.windows(written.len()).any(|part| part == written) {
        return Ok(());
    }
    let Ok(value) = serde_json::from_slice::<Value>(text) else { return Ok(()) };
    match place(&value, String::new()) {
        Some(pointer) => Err(Problem::invalid(pointer, "A text cannot hold the character NUL.")),
        None => Ok(()),
    }
}

fn place(value: &Value, at: String) -> Option<String> {
    match value {
        Value::String(text) => text.contains('\0').then_some(at),
        Value::Array(items) => {
            items.iter().enumerate().find_map(|(i, item)| place(item, format!("{at}/{i}")))
        }
        Value::Object(fields) => fields.iter().find_map(|(name, field)| {
            if name.contains('\0') {
                Some(at.clone())
            } else {
                place(field, format!("{at}/{name}"))
            }
        }),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nul_is_refused_where_it_stands_and_nothing_else_is() {
        assert!(
            refuse(br#"{"name": "Ana", "notes": "a \\u0000 b"}"#).is_ok(),
            "written, not meant"
        );
        for bad in [r#"{"name": "a\u0000"}"#, r#"{"list": [{"name": "\u0000"}]}"#] {
            assert!(refuse(bad.as_bytes()).is_err(), "{bad}");
        }
    }
}
