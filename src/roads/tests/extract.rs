//! Writes small extracts, byte by byte as the format says, so that no test needs a file from elsewhere.

/// A map that becomes a `.osm.pbf`.
#[derive(Default)]
pub struct Extract {
    strings: Vec<String>,
    nodes: Vec<u8>,
    ways: Vec<u8>,
    relations: Vec<u8>,
}

fn varint(mut value: u64, out: &mut Vec<u8>) {
    while value >= 0x80 {
        out.push(value as u8 | 0x80);
        value >>= 7;
    }
    out.push(value as u8);
}

fn zigzag(value: i64) -> u64 {
    ((value << 1) ^ (value >> 63)).cast_unsigned()
}

fn number(field: u64, value: u64, out: &mut Vec<u8>) {
    varint(field << 3, out);
    varint(value, out);
}

fn bytes(field: u64, value: &[u8], out: &mut Vec<u8>) {
    varint(field << 3 | 2, out);
    varint(value.len() as u64, out);
    out.extend_from_slice(value);
}

fn packed(field: u64, values: impl Iterator<Item = u64>, out: &mut Vec<u8>) {
    let mut list = Vec::new();
    values.for_each(|value| varint(value, &mut list));
    bytes(field, &list, out);
}

fn deltas(values: &[i64]) -> impl Iterator<Item = u64> {
    let before = std::iter::once(0).chain(values.iter().copied());
    before.zip(values).map(|(before, value)| zigzag(value - before))
}

fn blob(kind: &str, content: &[u8], out: &mut Vec<u8>) {
    let mut body = Vec::new();
    bytes(1, content, &mut body);
    let mut head = Vec::new();
    bytes(1, kind.as_bytes(), &mut head);
    number(3, body.len() as u64, &mut head);
    out.extend_from_slice(&(head.len() as u32).to_be_bytes());
    out.extend_from_slice(&head);
    out.extend_from_slice(&body);
}

impl Extract {
    fn string(&mut self, text: &str) -> u64 {
        let at = self.strings.iter().position(|known| known == text).unwrap_or_else(|| {
            self.strings.push(text.to_owned());
            self.strings.len() - 1
        });
        // The first string is empty by the format.
        at as u64 + 1
    }

    fn tags(&mut self, tags: &[(&str, &str)], out: &mut Vec<u8>) {
        let keys: Vec<u64> = tags.iter().map(|tag| self.string(tag.0)).collect();
        let values: Vec<u64> = tags.iter().map(|tag| self.string(tag.1)).collect();
        packed(2, keys.into_iter(), out);
        packed(3, values.into_iter(), out);
    }

    pub fn node(&mut self, id: i64, lat: f64, lon: f64, tags: &[(&str, &str)]) {
        let mut node = Vec::new();
        number(1, zigzag(id), &mut node);
        self.tags(tags, &mut node);
        number(8, zigzag((lat * 1e7).round() as i64), &mut node);
        number(9, zigzag((lon * 1e7).round() as i64), &mut node);
        bytes(1, &node, &mut self.nodes);
    }

    pub fn way(&mut self, id: i64, nodes: &[i64], tags: &[(&str, &str)]) {
        let mut way = Vec::new();
        number(1, id.cast_unsigned(), &mut way);
        self.tags(tags, &mut way);
        packed(8, deltas(nodes), &mut way);
        bytes(3, &way, &mut self.ways);
    }

    /// A turn restriction from a way over a node to a way.
    pub fn restriction(&mut self, id: i64, ends: [i64; 3], what: &str) {
        let mut relation = Vec::new();
        number(1, id.cast_unsigned(), &mut relation);
        self.tags(&[("type", "restriction"), ("restriction", what)], &mut relation);
        let roles = ["from", "via", "to"].map(|role| self.string(role));
        packed(8, roles.into_iter(), &mut relation);
        packed(9, deltas(&ends), &mut relation);
        packed(10, [1, 0, 1].into_iter(), &mut relation);
        bytes(4, &relation, &mut self.relations);
    }

    /// The file, which says that whoever reads it must know `feature`.
    pub fn needing(&self, feature: &str) -> Vec<u8> {
        let mut out = Vec::new();
        let mut header = Vec::new();
        bytes(4, b"OsmSchema-V0.6", &mut header);
        bytes(4, feature.as_bytes(), &mut header);
        blob("OSMHeader", &header, &mut out);
        let mut strings = Vec::new();
        bytes(1, b"", &mut strings);
        self.strings.iter().for_each(|text| bytes(1, text.as_bytes(), &mut strings));
        for group in [&self.nodes, &self.ways, &self.relations] {
            let mut block = Vec::new();
            bytes(1, &strings, &mut block);
            bytes(2, group, &mut block);
            blob("OSMData", &block, &mut out);
        }
        out
    }

    /// The file.
    pub fn file(&self) -> Vec<u8> {
        self.needing("DenseNodes")
    }
}
