//! A network as bytes: it comes back as it was, and nothing that was damaged is taken for one.

use std::sync::LazyLock;

use proptest::prelude::*;
use scheduler::roads::file::VERSION;
use scheduler::roads::{FileError, Network};

use crate::maps::Map;

static NETWORK: LazyLock<Network> = LazyLock::new(|| {
    let mut map = Map::new(&["a b c d", "       ", "e f g h"]);
    for nodes in ["abcd", "efgh", "ae", "bf", "cg", "dh"] {
        map.street(nodes);
    }
    map.drawn().network
});
static BYTES: LazyLock<Vec<u8>> = LazyLock::new(|| NETWORK.to_bytes());

#[test]
fn a_network_comes_back_as_it_was() {
    assert_eq!(Network::from_bytes(&BYTES).as_ref(), Ok(&*NETWORK));
}

#[test]
fn something_else_and_another_version_are_named() {
    assert_eq!(Network::from_bytes(b"PK\x03\x04 a zip of something"), Err(FileError::Foreign));
    assert!(matches!(Network::from_bytes(b""), Err(FileError::Length { found: 0, .. })));
    let mut older = BYTES.clone();
    older[8..12].copy_from_slice(&(VERSION + 1).to_le_bytes());
    let error = Network::from_bytes(&older).unwrap_err();
    assert_eq!(error, FileError::Version { found: VERSION + 1 });
    assert!(error.to_string().contains("tournee roads build"), "{error}");
}

/// The same with a checksum that fits, as somebody with bad intentions would send it.
fn signed(mut bytes: Vec<u8>) -> Vec<u8> {
    let end = bytes.len() - 8;
    let mut sum = 0xcbf2_9ce4_8422_2325_u64;
    let body = &bytes[..end];
    let mut words: Vec<[u8; 8]> = body
        .chunks(8)
        .map(|chunk| {
            let mut word = [0; 8];
            word[..chunk.len()].copy_from_slice(chunk);
            word
        })
        .collect();
    if body.len().is_multiple_of(8) {
        words.push([0; 8]);
    }
    words.push((body.len() as u64).to_le_bytes());
    for word in words {
        sum = (sum ^ u64::from_le_bytes(word)).wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_left(29);
    }
    bytes[end..].copy_from_slice(&sum.to_le_bytes());
    bytes
}

#[test]
fn the_test_signs_like_the_file_does() {
    assert_eq!(signed(BYTES.clone()), *BYTES);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn a_file_cut_short_is_refused(keep in 0.0..1.0_f64) {
        let kept = ((BYTES.len() as f64 * keep) as usize).min(BYTES.len() - 1);
        let refused = Network::from_bytes(&BYTES[..kept]);
        let expected = matches!(refused, Err(FileError::Length { .. } | FileError::Foreign));
        prop_assert!(expected, "{:?}", refused.map(|_| ()));
    }

    #[test]
    fn a_changed_byte_is_found(at in any::<prop::sample::Index>(), flip in 1..=255_u8) {
        let mut bytes = BYTES.clone();
        let at = at.index(bytes.len());
        bytes[at] ^= flip;
        // Four bytes of the header mean nothing, and yet they are summed up.
        prop_assert!(Network::from_bytes(&bytes).is_err());
    }

    #[test]
    fn nothing_that_is_signed_well_makes_a_search_fall_over(
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6),
        places in prop::collection::vec((45.097..45.102_f64, -73.602..-73.59_f64), 2..4),
    ) {
        let mut bytes = BYTES.clone();
        for (at, value) in changes {
            let at = 24 + at.index(bytes.len() - 32);
            bytes[at] = value;
        }
        let Ok(network) = Network::from_bytes(&signed(bytes)) else { return Ok(()) };
        let points = places.iter().map(|(lat, lon)| scheduler::Point::new(*lat, *lon));
        let places: Vec<_> = points.map(|point| network.place(point)).collect();
        let mut scratch = Default::default();
        network.table(&places, &mut scratch);
        if let (Some(from), Some(to)) = (&places[0], &places[1]) {
            let _way = network.way(from, to, &mut scratch);
        }
    }

    #[test]
    fn any_bytes_are_refused_without_falling_over(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        prop_assert!(Network::from_bytes(&bytes).is_err());
    }
}
