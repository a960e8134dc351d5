//! What the screens are told of series and templates: that one changed. The jobs themselves tell of themselves.

use actors::series::protocol::SeriesEvent;
use actors::templates::TemplateEvent;
use serde_json::json;

use super::Told;

/// A series began, changed or ended.
pub(super) fn series(event: &SeriesEvent) -> Option<Told> {
    let SeriesEvent::SeriesChanged { after, .. } = event else { return None };
    let data = json!({ "series_id": after.id });
    Some(Told { kind: "series.changed", topics: vec!["dispatch".into()], data })
}

/// A template was made, edited or deleted.
pub(super) fn templates(event: &TemplateEvent) -> Told {
    let (TemplateEvent::TemplateChanged { after: template, .. }
    | TemplateEvent::TemplateDeleted { template }) = event;
    let data = json!({ "template_id": template.id });
    Told { kind: "template.changed", topics: vec!["dispatch".into()], data }
}
