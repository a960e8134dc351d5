//! What the screens are told of the small things that the office keeps: tags, zones, and views and groups.

use actors::presets::PresetEvent;
use actors::tags::TagEvent;
use actors::zones::protocol::ZoneEvent;
use serde_json::json;

use super::Told;
use crate::presets::store::PresetShape;
use crate::tags::store::TagShape;
use crate::zones::store::ZoneShape;

pub(super) fn tags(event: &TagEvent, seq: i64) -> Told {
    let (kind, tag) = match event {
        TagEvent::TagCreated { tag } => ("tag.created", tag),
        TagEvent::TagChanged { after, .. } => ("tag.updated", after),
        TagEvent::TagDeleted { tag } => ("tag.deleted", tag),
    };
    let data = json!({ "tag": TagShape::new(tag.clone(), seq) });
    Told { kind, topics: vec!["dispatch".into()], data }
}

pub(super) fn presets(event: &PresetEvent, seq: i64) -> Told {
    let (kind, preset) = match event {
        PresetEvent::PresetCreated { preset: after } | PresetEvent::PresetChanged { after, .. } => {
            ("preset.saved", after)
        }
        PresetEvent::PresetDeleted { preset } => ("preset.deleted", preset),
    };
    let data = json!({ "preset": PresetShape { preset: preset.clone(), version: seq } });
    Told { kind, topics: vec!["dispatch".into()], data }
}

pub(super) fn zones(event: &ZoneEvent, seq: i64) -> Told {
    let (kind, zone) = match event {
        ZoneEvent::ZoneCreated { zone: after } | ZoneEvent::ZoneChanged { after, .. } => {
            ("zone.saved", after)
        }
        ZoneEvent::ZoneDeleted { zone } => ("zone.deleted", zone),
    };
    let data = json!({ "zone": ZoneShape { zone: zone.clone(), version: seq } });
    Told { kind, topics: vec!["dispatch".into()], data }
}
