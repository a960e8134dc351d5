//! Paths of zones: drawing one, changing it, throwing it away, and which planned visits it would refuse. Whether somebody
//! may be sent there is asked where visits are placed.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use actors::engine::shell::Circumstances;
use actors::ids::ZoneId;
use actors::zones::protocol::{Certification, Command, Polygon, ShapeKind, Zone};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::ToSchema;

use crate::auth::Caller;
use crate::error::{Body, Problem};
use crate::house::House;
use crate::input::{self, Create, edited};
use crate::zones::breaks::broken_by;
use crate::zones::store::{self, ZoneShape};

/// Technicians whom one zone may name.
const NAMED_MAX: usize = 1000;

/// A corner of a simple list.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Corner {
    /// Degrees.
    pub lat: f64,
    /// Degrees.
    pub lon: f64,
}

/// A zone's ground: GeoJSON's polygon, whose rings are closed, or the corners of its border, which close by themselves.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(untagged)]
pub enum GroundInput {
    /// As GeoJSON has it.
    GeoJson(Polygon),
    /// Corner by corner.
    Corners(Vec<Corner>),
}

impl GroundInput {
    fn polygon(&self) -> Polygon {
        match self {
            Self::GeoJson(polygon) => polygon.clone(),
            Self::Corners(corners) => {
                let mut ring: Vec<[f64; 2]> =
                    corners.iter().map(|corner| [corner.lon, corner.lat]).collect();
                if let (Some(first), true) = (ring.first().copied(), ring.first() != ring.last()) {
                    ring.push(first);
                }
                Polygon { kind: ShapeKind::Polygon, coordinates: vec![ring] }
            }
        }
    }
}

/// A zone to draw, or as edited.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ZoneInput {
    /// Name.
    pub name: String,
    /// `#rrggbb`
    #[serde(default)]
    pub color: Option<String>,
    /// Where it is.
    pub polygon: GroundInput,
    /// The first local day on which it counts.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    pub valid_from: Option<Date>,
    /// The last local day on which it counts.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    pub valid_until: Option<Date>,
    /// What one must hold to work there.
    #[serde(default)]
    pub certification: Option<Certification>,
    /// The only ones who may work there; empty for everybody.
    #[serde(default)]
    pub technician_ids: Vec<String>,
}

async fn checked(house: &House, input: &ZoneInput, id: ZoneId) -> Result<Zone, Problem> {
    let color = input.color.clone().filter(|color| !color.is_empty());
    let is_color = |text: &str| {
        text.len() == 7
            && text.starts_with('#')
            && text.chars().skip(1).all(|c| c.is_ascii_hexdigit())
    };
    if color.as_deref().is_some_and(|text| !is_color(text)) {
        return Err(Problem::invalid("/color", "A color looks like #1f6feb."));
    }
    input::at_most(&input.technician_ids, NAMED_MAX, "/technician_ids")?;
    let mut certification = input.certification.clone();
    let mut connection = house.read().await?;
    if let Some(asked) = &mut certification {
        // Spelled as the tag is; a zone that asks for a skill nobody can have would shut everybody out unseen.
        let tags = crate::tags::store::names(&mut connection).await?;
        let named = asked.tag.trim().to_lowercase();
        asked.tag = tags
            .get(&named)
            .cloned()
            .ok_or_else(|| Problem::invalid("/certification/tag", "There is no such tag."))?;
    }
    let mut technician_ids = Vec::with_capacity(input.technician_ids.len());
    if !input.technician_ids.is_empty() {
        let known = crate::technicians::store::all(&mut connection).await?;
        for (index, id) in input.technician_ids.iter().enumerate() {
            let found = known.iter().map(|known| &known.technician).find(|who| {
                who.id.as_str() == id || who.external_id.as_deref() == Some(id.as_str())
            });
            let found = found.ok_or_else(|| {
                let pointer = format!("/technician_ids/{index}");
                Problem::not_found("technician").pointer(pointer, "There is no such technician.")
            })?;
            technician_ids.push(found.id.clone());
        }
    }
    technician_ids.sort();
    technician_ids.dedup();
    Ok(Zone {
        id,
        name: input::said(&input.name, "/name")?,
        color,
        polygon: input.polygon.polygon(),
        valid_from: input.valid_from,
        valid_until: input.valid_until,
        certification,
        technician_ids,
    })
}

async fn known(house: &House, id: &str) -> Result<ZoneShape, Problem> {
    let mut connection = house.read().await?;
    store::one(&mut connection, id).await?.ok_or_else(|| Problem::not_found("zone"))
}

/// A zone as it is now.
///
/// # Errors
/// 404 and faults.
pub async fn shape(house: &House, id: &str) -> Result<Value, Problem> {
    Ok(json!(known(house, id).await?))
}

/// POST /zones
///
/// # Errors
/// 404 for an unknown technician, 409 for a taken name, 422.
pub async fn create(
    house: web::Data<House>,
    caller: Caller,
    body: Create<ZoneInput>,
) -> Result<HttpResponse, Problem> {
    let (input, once) = body.split();
    let zone = checked(&house, &input, ZoneId::new(house.clock.now(), house.entropy())).await?;
    once.answer(&house, &caller, |inbox| {
        let (house, by) = (house.clone(), caller.name.clone());
        async move {
            let why = Circumstances::by(by).with_inbox(inbox);
            let id = zone.id.clone();
            house.rooms.zones(Command::Create(zone), why).await?;
            Ok((StatusCode::CREATED, shape(&house, id.as_str()).await?))
        }
    })
    .await
}

/// POST /zones/preview: planned visits that a zone would refuse; nothing is kept.
///
/// # Errors
/// As [`create`], but for the name.
pub async fn preview(
    house: web::Data<House>,
    body: Body<ZoneInput>,
) -> Result<HttpResponse, Problem> {
    let id = ZoneId::new(house.clock.now(), house.entropy());
    let zone = checked(&house, &body.0, id).await?;
    // The room's own words for what is no polygon, no level or no span of days; the name is not looked at.
    let alone = actors::zones::Zones::default();
    let asked = Command::Create(zone.clone());
    actors::engine::component::Component::decide(&alone, &asked, house.clock.now())
        .map_err(|refusal| crate::refusals::refused(&refusal))?;
    told(&house, &zone).await
}

async fn told(house: &House, zone: &Zone) -> Result<HttpResponse, Problem> {
    let visits = broken_by(house, zone).await?;
    Ok(HttpResponse::Ok().json(json!({ "count": visits.len(), "visits": visits })))
}

/// GET /zones
///
/// # Errors
/// Faults only.
pub async fn list(house: web::Data<House>) -> Result<HttpResponse, Problem> {
    let mut connection = house.read().await?;
    let items = store::all(&mut connection).await?;
    Ok(HttpResponse::Ok().json(json!({ "items": items, "next": null })))
}

/// GET /zones/{id}
///
/// # Errors
/// 404.
pub async fn one(house: web::Data<House>, id: web::Path<String>) -> Result<HttpResponse, Problem> {
    Ok(HttpResponse::Ok().json(known(&house, &id).await?))
}

/// GET /zones/{id}/refused: planned visits that it would refuse as it is.
///
/// # Errors
/// 404.
pub async fn refused(
    house: web::Data<House>,
    id: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    let held = known(&house, &id).await?;
    told(&house, &held.zone).await
}

/// PATCH /zones/{id}
///
/// # Errors
/// 404, 409 for an old version or a taken name, 422 naming the field.
pub async fn edit(
    house: web::Data<House>,
    caller: Caller,
    id: web::Path<String>,
    body: Body<Value>,
) -> Result<HttpResponse, Problem> {
    let held = known(&house, &id).await?;
    let before = held.zone;
    let input = ZoneInput {
        name: before.name,
        color: before.color,
        polygon: GroundInput::GeoJson(before.polygon),
        valid_from: before.valid_from,
        valid_until: before.valid_until,
        certification: before.certification,
        technician_ids: before.technician_ids.iter().map(ToString::to_string).collect(),
    };
    let (input, version) = edited(&input, body.0)?;
    let after = checked(&house, &input, before.id).await?;
    let command = Command::Change { after, version: Some(version.unwrap_or(held.version)) };
    match house.rooms.zones(command, Circumstances::by(caller.name)).await {
        Ok(_) => Ok(HttpResponse::Ok().json(shape(&house, &id).await?)),
        Err(error) => {
            let problem = Problem::from(error);
            if problem.code() != "stale_version" {
                return Err(problem);
            }
            let now = known(&house, &id).await?;
            let problem = input::with_author(&house, problem, now.version).await;
            Err(problem.with("current", json!(now)))
        }
    }
}

/// DELETE /zones/{id}
///
/// # Errors
/// 404.
pub async fn delete(
    house: web::Data<House>,
    caller: Caller,
    id: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    let command = Command::Delete { id: ZoneId::from_text(&id) };
    house.rooms.zones(command, Circumstances::by(caller.name)).await?;
    Ok(HttpResponse::NoContent().finish())
}
