//! One thing told to screens, serialised once however many of them watch.
//!
//! A frame is bytes: an SSE frame, and inside it (the same bytes) the JSON object a WebSocket gets. Nothing here
//! knows who reads it, and nothing is serialised again further down.

use bytes::Bytes;
use jiff::Timestamp;
use serde::Serialize;
use std::sync::Arc;

/// Positions per epoch: `seq = epoch × SEQ_PER_EPOCH + n`, so that a restored store shows itself.
pub const SEQ_PER_EPOCH: i64 = 1_000_000_000_000;

/// The epoch a journal position belongs to.
pub fn epoch_of(seq: i64) -> i64 {
    seq.div_euclid(SEQ_PER_EPOCH)
}

/// One event as it goes out.
#[derive(Debug)]
pub struct Frame {
    /// Journal position of a durable event; `None` for a passing one.
    pub seq: Option<i64>,
    /// The event's type (`job.assigned`).
    pub kind: Arc<str>,
    /// Every topic it belongs to; a watcher of several of them gets it once.
    pub topics: Arc<[Arc<str>]>,
    /// Latest-wins key (`tech.position:tech_…`): in each watcher's queue a newer frame replaces an older one.
    pub conflate: Option<Arc<str>>,
    /// The whole SSE frame with its closing empty line.
    pub sse: Bytes,
    /// The JSON object `{"seq","at","type","topic","data"}`: a slice of `sse`.
    pub json: Bytes,
}

impl Frame {
    /// A durable event at journal position `seq`.
    ///
    /// # Errors
    /// `data` does not serialise.
    pub fn durable(
        seq: i64,
        at: Timestamp,
        kind: impl Into<Arc<str>>,
        topics: impl Into<Arc<[Arc<str>]>>,
        data: &(impl Serialize + ?Sized),
    ) -> Result<Self, serde_json::Error> {
        Self::build(Some(seq), at, kind.into(), topics.into(), None, data)
    }

    /// A passing event: no `id:`, not in history. With `conflate` only the newest of its key is kept for a
    /// watcher who has not read the older one yet.
    ///
    /// # Errors
    /// `data` does not serialise.
    pub fn transient(
        at: Timestamp,
        kind: impl Into<Arc<str>>,
        topics: impl Into<Arc<[Arc<str>]>>,
        conflate: Option<Arc<str>>,
        data: &(impl Serialize + ?Sized),
    ) -> Result<Self, serde_json::Error> {
        Self::build(None, at, kind.into(), topics.into(), conflate, data)
    }

    fn build(
        seq: Option<i64>,
        at: Timestamp,
        kind: Arc<str>,
        topics: Arc<[Arc<str>]>,
        conflate: Option<Arc<str>>,
        data: &(impl Serialize + ?Sized),
    ) -> Result<Self, serde_json::Error> {
        use std::io::Write as _;
        let mut out = Vec::with_capacity(256);
        // Writing to a Vec cannot fail, hence the ignored results.
        if let Some(seq) = seq {
            let _ = writeln!(out, "id: {seq}");
        }
        out.extend_from_slice(b"event: ");
        out.extend(kind.bytes().filter(|b| !b.is_ascii_control()));
        out.extend_from_slice(b"\ndata: ");
        let start = out.len();
        match seq {
            Some(seq) => _ = write!(out, "{{\"seq\":{seq},\"at\":\"{at}\",\"type\":"),
            None => _ = write!(out, "{{\"seq\":null,\"at\":\"{at}\",\"type\":"),
        }
        serde_json::to_writer(&mut out, &*kind)?;
        out.extend_from_slice(b",\"topic\":");
        serde_json::to_writer(&mut out, &topics.first())?;
        out.extend_from_slice(b",\"data\":");
        let body = out.len();
        serde_json::to_writer(&mut out, data)?;
        // Raw JSON of a caller may be spread over lines. Inside JSON a line break is white space only (in a
        // string it is escaped), but in SSE it would end the field.
        for byte in &mut out[body..] {
            if matches!(*byte, b'\n' | b'\r') {
                *byte = b' ';
            }
        }
        out.push(b'}');
        let end = out.len();
        out.extend_from_slice(b"\n\n");
        let sse = Bytes::from(out);
        let json = sse.slice(start..end);
        Ok(Self { seq, kind, topics, conflate, sse, json })
    }

    /// Whether it belongs to one of `topics`.
    pub fn is_about(&self, topics: &[Arc<str>]) -> bool {
        self.topics.iter().any(|topic| topics.contains(topic))
    }

    /// What it costs a queue, in bytes.
    pub fn size(&self) -> usize {
        self.sse.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::value::RawValue;

    #[test]
    fn a_frame_is_one_sse_event_with_the_contract_object_as_its_data() {
        let at: Timestamp = "2026-11-23T14:50:00Z".parse().unwrap();
        let topics: [Arc<str>; 2] = ["dispatch".into(), "tech:tech_1".into()];
        let data = serde_json::json!({"job": "job_1"});
        let frame = Frame::durable(1_000_000_000_007, at, "job.assigned", topics, &data).unwrap();
        let text = std::str::from_utf8(&frame.sse).unwrap();
        let json = r#"{"seq":1000000000007,"at":"2026-11-23T14:50:00Z","type":"job.assigned","topic":"dispatch","data":{"job":"job_1"}}"#;
        assert_eq!(text, format!("id: 1000000000007\nevent: job.assigned\ndata: {json}\n\n"));
        assert_eq!(&frame.json[..], json.as_bytes());
        assert_eq!(epoch_of(1_000_000_000_007), 1);
    }

    #[test]
    fn line_breaks_in_raw_json_do_not_break_the_sse_frame() {
        let raw = RawValue::from_string("{\n \"a\":\r\n\"x\\ny\"\n}".into()).unwrap();
        let topics: [Arc<str>; 1] = ["x-a".into()];
        let frame =
            Frame::transient(Timestamp::UNIX_EPOCH, "evil\nid: 9", topics, None, &raw).unwrap();
        let text = std::str::from_utf8(&frame.sse).unwrap();
        assert_eq!(text.trim_end().lines().count(), 2, "{text}");
        let object: serde_json::Value = serde_json::from_slice(&frame.json).unwrap();
        assert_eq!(object["data"]["a"], "x\ny");
        assert!(object["seq"].is_null());
    }
}
