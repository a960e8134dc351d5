//! What the screens are told of the small things that the office keeps: tags, zones, materials, views and groups.

use actors::board::protocol::BoardEvent;
use actors::materials::MaterialEvent;
use actors::presets::PresetEvent;
use actors::tags::TagEvent;
use actors::zones::protocol::ZoneEvent;
use serde_json::json;

use super::Told;
use crate::kept::store::Known;

pub(super) fn tags(event: &TagEvent, seq: i64) -> Told {
    let (kind, tag) = match event {
        TagEvent::TagCreated { tag } => ("tag.created", tag),
        TagEvent::TagChanged { after, .. } => ("tag.updated", after),
        TagEvent::TagDeleted { tag } => ("tag.deleted", tag),
    };
    let data = json!({ "tag": Known { thing: tag, version: seq } });
    Told { kind, topics: vec!["dispatch".into()], data }
}

pub(super) fn materials(event: &MaterialEvent, seq: i64) -> Told {
    let (kind, material) = match event {
        MaterialEvent::MaterialCreated { material } => ("material.created", material),
        MaterialEvent::MaterialChanged { after, .. } => ("material.updated", after),
        MaterialEvent::MaterialDeleted { material } => ("material.deleted", material),
    };
    let data = json!({ "material": Known { thing: material, version: seq } });
    Told { kind, topics: vec!["dispatch".into()], data }
}

pub(super) fn presets(event: &PresetEvent, seq: i64) -> Told {
    let (kind, preset) = match event {
        PresetEvent::PresetCreated { preset: after } | PresetEvent::PresetChanged { after, .. } => {
            ("preset.saved", after)
        }
        PresetEvent::PresetDeleted { preset } => ("preset.deleted", preset),
    };
    let data = json!({ "preset": Known { thing: preset, version: seq } });
    Told { kind, topics: vec!["dispatch".into()], data }
}

pub(super) fn zones(event: &ZoneEvent, seq: i64) -> Told {
    let (kind, zone) = match event {
        ZoneEvent::ZoneCreated { zone: after } | ZoneEvent::ZoneChanged { after, .. } => {
            ("zone.saved", after)
        }
        ZoneEvent::ZoneDeleted { zone } => ("zone.deleted", zone),
    };
    let data = json!({ "zone": Known { thing: zone, version: seq } });
    Told { kind, topics: vec!["dispatch".into()], data }
}

pub(super) fn bundles(event: &BoardEvent, seq: i64) -> Option<Told> {
    let (kind, bundle) = match event {
        BoardEvent::Bundled { bundle, .. } => ("bundle.changed", bundle),
        BoardEvent::Unbundled { bundle } => ("bundle.gone", bundle),
        _ => return None,
    };
    let data = json!({ "bundle": Known { thing: bundle, version: seq } });
    Some(Told { kind, topics: vec!["dispatch".into()], data })
}
