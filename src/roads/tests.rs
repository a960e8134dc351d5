//! From an extract to a network and back from the disk: what is read, and what is refused by name.

mod extract;

use std::io::Cursor;
use std::path::PathBuf;
use std::sync::Arc;

use proptest::prelude::*;
use scheduler::roads::{Network, Roads};
use scheduler::{Point, Ways};

use self::extract::Extract;
use super::{beside, build, load, pbf};

/// A block of streets with two roads out of town, a bollard, and a turn that is forbidden.
fn town() -> Extract {
    let mut town = Extract::default();
    let places =
        [(1, 0, 0), (2, 0, 3), (3, 0, 6), (4, 3, 0), (5, 3, 3), (6, 3, 6), (7, 0, -3), (8, 3, 9)];
    for (id, row, column) in places {
        let (lat, lon) = (45.1 - f64::from(row) * 0.001, -73.6 + f64::from(column) * 0.001);
        let bollard: &[(&str, &str)] = if id == 5 { &[("barrier", "bollard")] } else { &[] };
        town.node(id, lat, lon, bollard);
    }
    let street = [("highway", "residential"), ("name", "Rue de l'Église")];
    let ways: [&[i64]; 7] = [&[1, 2], &[2, 3], &[4, 5, 6], &[1, 4], &[3, 6], &[7, 1], &[6, 8]];
    for (id, nodes) in ways.iter().enumerate() {
        town.way(10 + id as i64, nodes, &street);
    }
    town.way(90, &[2, 5], &[("highway", "footway")]);
    town.restriction(50, [16, 6, 14], "no_left_turn");
    town
}

fn at(row: i32, column: i32) -> Point {
    Point::new(45.1 - f64::from(row) * 0.001, -73.6 + f64::from(column) * 0.001)
}

fn survey(bytes: &[u8]) -> Result<scheduler::roads::Survey, pbf::PbfError> {
    pbf::read(Cursor::new(bytes), &mut |_, _| {})
}

fn folder(name: &str) -> PathBuf {
    let folder = std::env::temp_dir().join(format!("tournee-{}-{name}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    folder
}

#[test]
fn an_extract_becomes_a_file_that_is_driven_on() {
    let folder = folder("roads");
    let (extract, out) = (folder.join("town.osm.pbf"), folder.join("town.roads"));
    assert_eq!(beside(&extract), out);
    std::fs::write(&extract, town().file()).unwrap();
    let mut steps = 0;
    let built = build(&extract, &out, &mut |_| steps += 1).unwrap();
    assert!(steps > 5 && built.stretches == 8, "{built:?}");
    let ways = Roads::new(Arc::new(load(&out).unwrap()));
    let around = ways.drive(at(3, 1), at(3, 5)).unwrap();
    assert!(around.metres > 900, "the bollard is respected: {around:?}");
    assert!(ways.drive(at(0, 0), at(0, 3)).unwrap().metres < 300);
    let names: Vec<_> =
        std::fs::read_dir(&folder).unwrap().flatten().map(|e| e.file_name()).collect();
    assert_eq!(names.len(), 2, "nothing half done is left: {names:?}");
    std::fs::remove_dir_all(folder).unwrap();
}

#[test]
fn what_cannot_be_read_is_named() {
    let folder = folder("refused");
    let (extract, out) = (folder.join("x.osm.pbf"), folder.join("x.roads"));
    let refusal = |bytes: Option<&[u8]>| {
        if let Some(bytes) = bytes {
            std::fs::write(&extract, bytes).unwrap();
        }
        let text = build(&extract, &out, &mut |_| {}).unwrap_err().to_string();
        assert!(text.contains("x.osm.pbf: "), "{text}");
        assert!(!out.exists());
        text
    };
    assert!(refusal(None).contains("cannot be read"));
    assert!(refusal(Some(b"")).contains("cut short"));
    assert!(refusal(Some(b"<osm version=\"0.6\">")).contains("no whole .osm.pbf"));
    let whole = town().file();
    assert!(refusal(Some(&whole[..whole.len() - 7])).contains("no whole .osm.pbf"));
    assert!(refusal(Some(&[&whole[..], b"ab"].concat())).contains("cut short"));
    assert!(refusal(Some(&Extract::default().file())).contains("no road for cars"));
    let history = town().needing("HistoricalInformation");
    assert!(refusal(Some(&history)).contains("HistoricalInformation"));
    let text = load(&folder.join("none.roads")).unwrap_err().to_string();
    assert!(text.contains("none.roads: "), "{text}");
    std::fs::write(folder.join("odd.roads"), &whole).unwrap();
    let text = load(&folder.join("odd.roads")).unwrap_err().to_string();
    assert!(text.contains("odd.roads: it is not a road network"), "{text}");
    let nowhere = build(&extract, &folder.join("no/such/folder.roads"), &mut |_| {});
    assert!(nowhere.is_err());
    std::fs::remove_dir_all(folder).unwrap();
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn a_damaged_extract_is_refused_or_read_but_never_falls_over(
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..5),
        keep in 0.1..1.5_f64,
    ) {
        let mut bytes = town().file();
        for (at, value) in changes {
            let at = at.index(bytes.len());
            bytes[at] = value;
        }
        let kept = ((bytes.len() as f64 * keep) as usize).min(bytes.len());
        if let Ok(survey) = survey(&bytes[..kept])
            && let Ok(network) = Network::build(&survey, &mut |_| {})
        {
            Roads::new(Arc::new(network)).drive(at(0, 0), at(3, 6));
        }
    }
}

/// The folder of real extracts, where it is present.
fn shared() -> Option<PathBuf> {
    let named = std::env::var_os("TOURNEE_SHARED").map(PathBuf::from);
    let beside = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared");
    Some(named.unwrap_or(beside).join("data/osm/monaco.osm.pbf")).filter(|file| file.is_file())
}

#[test]
fn a_real_extract_is_read_whole_and_driven_across() {
    let Some(file) = shared() else {
        eprintln!("SKIPPED: no extract; set TOURNEE_SHARED to the folder that holds data/osm");
        return;
    };
    let survey = survey(&std::fs::read(file).unwrap()).unwrap();
    let (ways, _, restrictions) = survey.counts();
    assert!(ways > 1_500 && restrictions >= 20, "{ways} ways, {restrictions} restrictions");
    let network = Network::build(&survey, &mut |_| {}).unwrap();
    let again = Network::from_bytes(&network.to_bytes()).unwrap();
    assert!(again == network, "it comes back as it was");
    let ways = Roads::new(Arc::new(network));
    // From the harbour to the casino and back: near, and not the same both ways in a town of one-way streets.
    let (harbour, casino) = (Point::new(43.7346, 7.4210), Point::new(43.7396, 7.4281));
    let (there, back) =
        (ways.drive(harbour, casino).unwrap(), ways.drive(casino, harbour).unwrap());
    assert!((60..900).contains(&there.seconds) && (60..900).contains(&back.seconds));
    assert_ne!(there, back);
}
