//! What the screens are told of series: that one changed. The jobs themselves tell of themselves.

use actors::series::protocol::SeriesEvent;
use serde_json::json;

use super::Told;

/// A series began, changed or ended.
pub(super) fn series(event: &SeriesEvent) -> Option<Told> {
    let SeriesEvent::SeriesChanged { after, .. } = event else { return None };
    let data = json!({ "series_id": after.id });
    Some(Told { kind: "series.changed", topics: vec!["dispatch".into()], data })
}
