//! What a text costs: how many segments the network will cut it into, and the folding that keeps it in
//! the cheap alphabet (GSM 03.38), where one ê or one curly quote would more than halve the room.

/// Characters of the basic alphabet, one septet each.
const BASIC: &str = "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡\
    ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà";
/// Characters of the extension table, two septets each.
const EXTENDED: &str = "\u{c}^{}\\[~]|€";

/// How many segments `body` takes; an empty one takes none.
pub fn segments(body: &str) -> u32 {
    let mut costs = Vec::with_capacity(body.len());
    for character in body.chars() {
        match septets(character) {
            Some(cost) => costs.push(cost),
            None => return cut(body.chars().map(char::len_utf16), 70, 67),
        }
    }
    cut(costs.into_iter(), 160, 153)
}

/// Cuts characters of the given sizes into segments; no character is split over two.
fn cut(sizes: impl Iterator<Item = usize> + Clone, alone: usize, joined: usize) -> u32 {
    let total: usize = sizes.clone().sum();
    if total <= alone {
        return u32::from(total > 0);
    }
    let (mut count, mut used) = (1, 0);
    for size in sizes {
        if used + size > joined {
            count += 1;
            used = 0;
        }
        used += size;
    }
    count
}

fn septets(character: char) -> Option<usize> {
    if character.is_ascii_alphanumeric() || BASIC.contains(character) {
        Some(1)
    } else if EXTENDED.contains(character) {
        Some(2)
    } else {
        None
    }
}

/// Replaces what the cheap alphabet lacks by what reads the same: ê by e, a curly quote by a straight one.
/// What has no look-alike (another script, a pictogram) stays, and costs what it costs.
pub fn fold(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        if septets(character).is_some() {
            out.push(character);
        } else {
            match look_alike(character) {
                Some(plain) => out.push_str(plain),
                None => out.push(character),
            }
        }
    }
    out
}

fn look_alike(character: char) -> Option<&'static str> {
    Some(match character {
        'â' | 'á' | 'ã' | 'ā' => "a",
        'À' | 'Â' | 'Á' | 'Ã' | 'Ā' => "A",
        'ç' | 'ć' | 'č' => "c",
        'Ć' | 'Č' => "C",
        'ê' | 'ë' | 'ē' | 'ě' => "e",
        'È' | 'Ê' | 'Ë' | 'Ē' => "E",
        'î' | 'ï' | 'í' | 'ī' => "i",
        'Ì' | 'Î' | 'Ï' | 'Í' => "I",
        'ô' | 'ó' | 'õ' | 'ō' => "o",
        'Ò' | 'Ô' | 'Ó' | 'Õ' => "O",
        'û' | 'ú' | 'ū' => "u",
        'Ù' | 'Û' | 'Ú' => "U",
        'ÿ' | 'ý' => "y",
        'ł' => "l",
        'ń' => "n",
        'š' | 'ś' => "s",
        'Š' | 'Ś' => "S",
        'ž' | 'ź' | 'ż' => "z",
        'Ž' => "Z",
        'œ' => "oe",
        'Œ' => "OE",
        '’' | '‘' | 'ʼ' | '`' | '´' => "'",
        '“' | '”' | '«' | '»' | '„' => "\"",
        '–' | '—' | '‑' | '‐' | '−' => "-",
        '…' => "...",
        '•' | '·' => "-",
        '×' => "x",
        '°' => "o",
        '\u{a0}' | '\u{202f}' | '\u{2009}' | '\t' => " ",
        // Combining accents, zero-width marks and the soft hyphen: nothing is lost without them.
        '\u{300}'..='\u{36f}' | '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{ad}' | '\u{feff}' => "",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn segments_are_counted_as_the_network_cuts_them() {
        assert_eq!(segments(""), 0);
        assert_eq!(segments("a"), 1);
        assert_eq!(segments(&"é".repeat(160)), 1);
        assert_eq!(segments(&"a".repeat(161)), 2);
        assert_eq!(segments(&"a".repeat(306)), 2);
        assert_eq!(segments(&"a".repeat(307)), 3);
        assert_eq!(segments(&"€".repeat(80)), 1);
        assert_eq!(segments(&"€".repeat(81)), 2);
        assert_eq!(segments(&"ê".repeat(70)), 1);
        assert_eq!(segments(&"ê".repeat(71)), 2);
        assert_eq!(segments(&"ê".repeat(135)), 3);
        assert_eq!(segments(&"🚚".repeat(35)), 1);
        assert_eq!(segments(&"🚚".repeat(36)), 2);
    }

    #[test]
    fn a_two_septet_character_is_not_split_over_two_segments() {
        // 152 + 2 does not fit 153, so the euro opens the second segment and the third begins earlier.
        let body = format!("{}€{}", "a".repeat(152), "b".repeat(152));
        assert_eq!(segments(&body), 3);
    }

    #[test]
    fn folding_keeps_what_the_alphabet_has_and_replaces_what_it_lacks() {
        assert_eq!(fold("Éloïse à l’œuvre… « ça »"), "Éloise à l'oeuvre... \" ca \"");
        assert_eq!(fold("13\u{202f}h\u{a0}30 — août"), "13 h 30 - aout");
        assert_eq!(fold("e\u{301}te\u{301}"), "ete");
        assert_eq!(fold("Нет 🚚"), "Нет 🚚");
    }
}
