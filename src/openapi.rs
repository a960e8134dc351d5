//! The OpenAPI document, made from the routes' table and the shapes that handlers read and answer.

use actix_web::HttpResponse;
use actors::board::bundles::Bundle;
use actors::customers::protocol::{Customer, Location};
use actors::materials::Material;
use actors::presets::Preset;
use actors::sla::protocol::Policy;
use actors::templates::Template;
use actors::zones::protocol::Zone;
use serde_json::{Map, Value, json};
use utoipa::{PartialSchema, ToSchema};

use crate::auth::gate::Access;

/// Names of the shapes of a route's body and answer.
#[derive(Clone, Copy, Debug, Default)]
pub struct Shape {
    takes: Option<&'static str>,
    gives: Option<&'static str>,
}

impl Shape {
    /// Neither is described.
    pub const fn none() -> Self {
        Self { takes: None, gives: None }
    }

    /// A body.
    pub const fn takes(name: &'static str) -> Self {
        Self { takes: Some(name), gives: None }
    }

    /// An answer.
    pub const fn gives(name: &'static str) -> Self {
        Self { takes: None, gives: Some(name) }
    }

    /// Both.
    pub const fn both(takes: &'static str, gives: &'static str) -> Self {
        Self { takes: Some(takes), gives: Some(gives) }
    }
}

fn add<T: ToSchema + PartialSchema>(all: &mut Map<String, Value>) {
    let mut found = vec![(T::name().into_owned(), T::schema())];
    T::schemas(&mut found);
    for (name, schema) in found {
        if let Ok(value) = serde_json::to_value(schema) {
            all.insert(name, value);
        }
    }
}

/// A shape of a thing with the version of its data, as [`crate::kept::store::Known`] writes it.
fn versioned<T: ToSchema + PartialSchema>(all: &mut Map<String, Value>, name: &str, about: &str) {
    add::<T>(all);
    let version = json!({
        "type": "object",
        "required": ["version"],
        "properties": {
            "version": {
                "type": "integer",
                "format": "int64",
                "description": "Position of the last event that touched it.",
            },
        },
    });
    let thing = json!({ "$ref": format!("#/components/schemas/{}", T::name()) });
    let shape = json!({ "allOf": [thing, version], "description": about });
    all.insert(name.to_owned(), shape);
}

/// What the office keeps: tags, materials, views and groups, zones.
fn kept(all: &mut Map<String, Value>) {
    add::<crate::sla::http::policies::SlaPolicyInput>(all);
    versioned::<Policy>(all, "SlaPolicyShape", "A policy as others see it.");
    add::<crate::sla::http::PauseInput>(all);
    add::<crate::sla::http::ResumeInput>(all);
    add::<crate::tags::http::TagInput>(all);
    add::<crate::tags::store::TagShape>(all);
    add::<crate::bundles::http::BundleInput>(all);
    versioned::<Bundle>(all, "BundleShape", "A bundle as others see it.");
    add::<crate::materials::http::MaterialInput>(all);
    versioned::<Material>(all, "MaterialShape", "A material as others see it.");
    add::<crate::presets::http::PresetInput>(all);
    versioned::<Preset>(all, "PresetShape", "A preset as others see it.");
    add::<crate::zones::http::ZoneInput>(all);
    versioned::<Zone>(all, "ZoneShape", "A zone as others see it.");
}

/// Of time away and of what takes it elsewhere.
fn hours(all: &mut Map<String, Value>) {
    add::<crate::fairness::http::FairnessAnswer>(all);
    add::<crate::calendars::outside::http::OutsideCalendarInput>(all);
    add::<crate::absences::wire::AbsencePlanInput>(all);
    add::<crate::absences::wire::AbsencePlan>(all);
    add::<crate::absences::wire::ChoicesInput>(all);
    add::<crate::absences::wire::AcceptPlanInput>(all);
    add::<crate::technicians::http::absences::AbsenceChange>(all);
}

fn schemas() -> Map<String, Value> {
    let mut all = Map::new();
    hours(&mut all);
    add::<crate::auth::http::SignIn>(&mut all);
    add::<crate::auth::http::Setup>(&mut all);
    add::<crate::auth::http::NewUser>(&mut all);
    add::<crate::auth::http::NewToken>(&mut all);
    add::<crate::auth::http::UserAnswer>(&mut all);
    add::<crate::auth::phone::OwnAccount>(&mut all);
    kept(&mut all);
    add::<crate::technicians::http::TechnicianInput>(&mut all);
    add::<crate::technicians::http::absences::AbsenceInput>(&mut all);
    add::<crate::technicians::wire::TechnicianShape>(&mut all);
    add::<crate::customers::http::CustomerInput>(&mut all);
    let about = "A customer with the version of their data.";
    versioned::<Customer>(&mut all, "CustomerShape", about);
    add::<crate::customers::http::LocationInput>(&mut all);
    let about = "A location with the version of its data.";
    versioned::<Location>(&mut all, "LocationShape", about);
    add::<crate::jobs::http::JobInput>(&mut all);
    add::<crate::jobs::http::StatusInput>(&mut all);
    add::<crate::jobs::wire::JobShape>(&mut all);
    add::<crate::templates::http::TemplateInput>(&mut all);
    versioned::<Template>(&mut all, "TemplateShape", "A template as others see it.");
    add::<crate::templates::http::ApplyInput>(&mut all);
    add::<crate::series::http::PreviewInput>(&mut all);
    add::<crate::series::http::EndInput>(&mut all);
    add::<crate::board::http::AssignInput>(&mut all);
    add::<crate::board::http::UnassignInput>(&mut all);
    add::<crate::board::http::many::AssignManyInput>(&mut all);
    add::<crate::board::http::presence::PresenceInput>(&mut all);
    add::<crate::board::http::calendar::CalendarAnswer>(&mut all);
    add::<crate::board::http::offers::AutoAssignInput>(&mut all);
    add::<crate::board::http::optimise::OptimizeInput>(&mut all);
    add::<crate::board::http::optimise::DayPlanAnswer>(&mut all);
    add::<crate::board::http::proposals::VerdictInput>(&mut all);
    add::<actors::board::proposal::Proposal>(&mut all);
    add::<crate::board::http::holds::HoldInput>(&mut all);
    add::<actors::board::holds::Hold>(&mut all);
    add::<crate::urgent::http::UrgentInput>(&mut all);
    add::<crate::urgent::http::UrgentAnswer>(&mut all);
    add::<crate::urgent::http::UrgentApplyInput>(&mut all);
    add::<crate::whatif::http::WhatIfInput>(&mut all);
    add::<crate::whatif::http::WhatIfStep>(&mut all);
    add::<crate::whatif::http::WhatIf>(&mut all);
    add::<crate::offers::http::OfferInput>(&mut all);
    add::<crate::offers::wire::OfferShape>(&mut all);
    add::<crate::board::view::PoolJob>(&mut all);
    add::<crate::board::suggesting::SuggestInput>(&mut all);
    add::<crate::board::http::drafts::PublishInput>(&mut all);
    add::<crate::board::http::drafts::DropInput>(&mut all);
    add::<crate::conversations::http::SendInput>(&mut all);
    add::<crate::conversations::http::OpenInput>(&mut all);
    add::<crate::conversations::http::ReplyInput>(&mut all);
    add::<crate::conversations::http::AssigneeInput>(&mut all);
    add::<crate::conversations::http::SnoozeInput>(&mut all);
    add::<crate::conversations::outbox::OutboxItem>(&mut all);
    add::<crate::addresses::http::AddressAnswer>(&mut all);
    add::<crate::search::http::SearchAnswer>(&mut all);
    add::<crate::undo::http::History>(&mut all);
    add::<crate::undo::http::UndoInput>(&mut all);
    add::<crate::undo::http::RedoInput>(&mut all);
    all.insert("Problem".to_owned(), problem());
    all.insert("VroomInput".to_owned(), crate::optimise::http::input_shape());
    all.insert("VroomOutput".to_owned(), crate::optimise::http::output_shape());
    all
}

fn problem() -> Value {
    json!({
        "type": "object",
        "description": "RFC 9457",
        "required": ["type", "title", "status", "detail"],
        "properties": {
            "type": { "type": "string" },
            "title": { "type": "string" },
            "status": { "type": "integer" },
            "detail": { "type": "string" },
            "errors": {
                "type": "array",
                "items": {
                    "type": "object",
                    "properties": { "pointer": { "type": "string" }, "detail": { "type": "string" } },
                },
            },
        },
    })
}

fn reference(name: &str) -> Value {
    json!({ "application/json": { "schema": { "$ref": format!("#/components/schemas/{name}") } } })
}

fn operation(row: &crate::routes::Row) -> Value {
    let refused = json!({
        "description": "A problem (RFC 9457)",
        "content": { "application/problem+json": { "schema": { "$ref": "#/components/schemas/Problem" } } },
    });
    let good = match row.shape.gives {
        Some(name) => json!({ "description": "Done", "content": reference(name) }),
        None => json!({ "description": "Done" }),
    };
    let parameters: Vec<Value> = row
        .path
        .split('{')
        .skip(1)
        .filter_map(|rest| rest.split('}').next())
        .map(|name| name.split(':').next().unwrap_or(name))
        .map(|name| {
            json!({ "name": name, "in": "path", "required": true, "schema": { "type": "string" } })
        })
        .collect();
    let mut operation = json!({
        "summary": row.does,
        "tags": [row.path.split('/').nth(1).unwrap_or("")],
        "parameters": parameters,
        "responses": { "2XX": good, "4XX": refused.clone(), "503": refused },
    });
    if let Some(fields) = operation.as_object_mut() {
        if let Some(name) = row.shape.takes {
            let body = json!({ "required": true, "content": reference(name) });
            fields.insert("requestBody".to_owned(), body);
        }
        if let Access::Staff(roles) = row.access {
            fields.insert("security".to_owned(), json!([{ "bearer": [] }, { "cookie": [] }]));
            fields.insert("x-roles".to_owned(), json!(roles));
        }
    }
    operation
}

/// The whole document.
pub fn whole() -> Value {
    let mut paths: Map<String, Value> = Map::new();
    for row in crate::routes::table() {
        let path = row.path.replace(":.*}", "}");
        let methods = paths.entry(path).or_insert_with(|| json!({}));
        if let Some(methods) = methods.as_object_mut() {
            methods.insert(row.method.as_str().to_lowercase(), operation(&row));
        }
    }
    json!({
        "openapi": "3.1.0",
        "info": { "title": "Tournée", "version": env!("CARGO_PKG_VERSION") },
        "paths": paths,
        "components": {
            "schemas": schemas(),
            "securitySchemes": {
                "bearer": { "type": "http", "scheme": "bearer" },
                "cookie": { "type": "apiKey", "in": "cookie", "name": crate::auth::gate::COOKIE },
            },
        },
    })
}

/// GET /openapi.json
pub async fn document() -> HttpResponse {
    HttpResponse::Ok().json(whole())
}
