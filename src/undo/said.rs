//! Acts of the office's own things in a few words of both languages: texts, series, templates, views, groups, tags,
//! zones, materials, service levels. Pure.

use actors::conversations::protocol::{ConversationEvent, Thread};
use actors::materials::MaterialEvent;
use actors::presets::{PresetEvent, PresetKind};
use actors::series::protocol::SeriesEvent;
use actors::sla::protocol::{SlaEvent, Why};
use actors::tags::TagEvent;
use actors::templates::TemplateEvent;
use actors::zones::protocol::ZoneEvent;

use super::words::{Words, words};

pub(super) fn presets(event: &PresetEvent) -> Words {
    let (preset, fr, en) = match event {
        PresetEvent::PresetCreated { preset } => (preset, "enregistré", "saved"),
        PresetEvent::PresetChanged { after, .. } => (after, "modifié", "edited"),
        PresetEvent::PresetDeleted { preset } => (preset, "supprimé", "deleted"),
    };
    let name = &preset.name;
    match preset.kind {
        PresetKind::View => words(format!("Vue « {name} » {fr}e"), format!("View “{name}” {en}")),
        PresetKind::Group => {
            words(format!("Groupe « {name} » {fr}"), format!("Group “{name}” {en}"))
        }
    }
}

pub(super) fn templates(event: &TemplateEvent) -> Words {
    let (template, fr, en) = match event {
        TemplateEvent::TemplateChanged { before: None, after } => (after, "créé", "created"),
        TemplateEvent::TemplateChanged { after, .. } => (after, "modifié", "edited"),
        TemplateEvent::TemplateDeleted { template } => (template, "supprimé", "deleted"),
    };
    words(
        format!("Modèle « {} » {fr}", template.name.fr),
        format!("Template “{}” {en}", template.name.en),
    )
}

/// Several jobs that were made at once.
pub(super) fn applied(jobs: usize) -> Words {
    words(
        format!("Modèle appliqué : {jobs} interventions"),
        format!("Template applied: {jobs} jobs"),
    )
}

pub(super) fn series(event: &SeriesEvent) -> Words {
    match event {
        SeriesEvent::SeriesChanged { before: Some(before), after }
            if before.ends_before != after.ends_before =>
        {
            let title = after.parts.last().map_or("", |part| part.job.title.as_str());
            words(format!("Série « {title} » terminée"), format!("Series “{title}” ended"))
        }
        SeriesEvent::SeriesChanged { after, .. } => {
            let title = after.parts.last().map_or("", |part| part.job.title.as_str());
            words(format!("Série « {title} » modifiée"), format!("Series “{title}” edited"))
        }
        _ => words("Série modifiée", "Series edited"),
    }
}

pub(super) fn conversations(event: &ConversationEvent) -> Words {
    match event {
        ConversationEvent::MessageQueued { message } => words(
            format!("Texte au {} : « {} »", message.phone, excerpt(&message.body)),
            format!("Text to {}: “{}”", message.phone, excerpt(&message.body)),
        ),
        ConversationEvent::ThreadChanged { before, after } => thread(before.as_deref(), after),
        _ => words("Texte", "Text"),
    }
}

fn thread(before: Option<&Thread>, after: &Thread) -> Words {
    let phone = &after.phone;
    let (fr, en) = match before {
        Some(before) if before.assignee != after.assignee => ("confiée", "given to somebody"),
        _ if after.snoozed_until.is_some() => ("mise en attente", "put aside for a while"),
        _ if after.open => ("ouverte", "opened"),
        _ => ("fermée", "closed"),
    };
    words(format!("Conversation avec le {phone} {fr}"), format!("Conversation with {phone} {en}"))
}

/// The first words of a text.
fn excerpt(body: &str) -> String {
    const SHOWN: usize = 40;
    let mut all = body.chars();
    let shown: String = all.by_ref().take(SHOWN).collect();
    if all.next().is_some() { format!("{}…", shown.trim_end()) } else { shown }
}

pub(super) fn tags(event: &TagEvent) -> Words {
    let (tag, fr, en) = match event {
        TagEvent::TagCreated { tag } => (tag, "créée", "created"),
        TagEvent::TagChanged { after, .. } => (after, "modifiée", "edited"),
        TagEvent::TagDeleted { tag } => (tag, "supprimée", "deleted"),
    };
    words(format!("Compétence « {} » {fr}", tag.name), format!("Tag “{}” {en}", tag.name))
}

pub(super) fn zones(event: &ZoneEvent) -> Words {
    let (zone, fr, en) = match event {
        ZoneEvent::ZoneCreated { zone } => (zone, "dessinée", "drawn"),
        ZoneEvent::ZoneChanged { after, .. } => (after, "modifiée", "edited"),
        ZoneEvent::ZoneDeleted { zone } => (zone, "supprimée", "deleted"),
    };
    words(format!("Zone « {} » {fr}", zone.name), format!("Zone “{}” {en}", zone.name))
}

pub(super) fn materials(event: &MaterialEvent) -> Words {
    let (material, fr, en) = match event {
        MaterialEvent::MaterialCreated { material } => (material, "ajouté", "added"),
        MaterialEvent::MaterialChanged { after, .. } => (after, "modifié", "edited"),
        MaterialEvent::MaterialDeleted { material } => (material, "supprimé", "deleted"),
    };
    words(
        format!("Matériel « {} » {fr}", material.name),
        format!("Material “{}” {en}", material.name),
    )
}

pub(super) fn clocks(event: &SlaEvent) -> Words {
    match event {
        SlaEvent::SlaPolicyKept { after: policy, .. } => words(
            format!("Délai « {} » enregistré", policy.name),
            format!("Service level “{}” saved", policy.name),
        ),
        SlaEvent::SlaPolicyDeleted { policy } => words(
            format!("Délai « {} » supprimé", policy.name),
            format!("Service level “{}” deleted", policy.name),
        ),
        SlaEvent::SlaChanged { why: Why::Paused, .. } => words("Délai suspendu", "Clock paused"),
        SlaEvent::SlaStopped { .. } => words("Délai retiré", "Clock taken away"),
        SlaEvent::SlaStarted { .. } | SlaEvent::SlaChanged { .. } => {
            words("Le délai court de nouveau", "Clock running again")
        }
    }
}
