//! What the paths of zones take, what a zone may be, and which planned visits it would refuse. Whether somebody may be sent
//! there is asked where visits are placed.

use actix_web::{HttpResponse, web};
use actors::engine::shell::Circumstances;
use actors::ids::ZoneId;
use actors::zones::protocol::{Certification, Command, Polygon, ShapeKind, Zone};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;

use crate::error::{Body, Problem};
use crate::house::House;
use crate::input;
use crate::kept::{Kept, http as kept};
use crate::zones::breaks::broken_by;

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

async fn checked(house: &House, input: ZoneInput, id: ZoneId) -> Result<Zone, Problem> {
    let color = input::color(input.color)?;
    input::at_most(&input.technician_ids, NAMED_MAX, "/technician_ids")?;
    let mut certification = input.certification;
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

impl From<Zone> for ZoneInput {
    fn from(zone: Zone) -> Self {
        Self {
            name: zone.name,
            color: zone.color,
            polygon: GroundInput::GeoJson(zone.polygon),
            valid_from: zone.valid_from,
            valid_until: zone.valid_until,
            certification: zone.certification,
            technician_ids: zone.technician_ids.iter().map(ToString::to_string).collect(),
        }
    }
}

impl Kept for Zone {
    type Input = ZoneInput;

    const NOUN: &'static str = "zone";

    fn id(&self) -> &str {
        self.id.as_str()
    }

    /// 404 for an unknown technician.
    async fn checked(
        house: &House,
        input: ZoneInput,
        before: Option<&Self>,
    ) -> Result<Self, Problem> {
        let id = match before {
            Some(before) => before.id.clone(),
            None => ZoneId::new(house.clock.now(), house.entropy()),
        };
        checked(house, input, id).await
    }

    async fn make(self, house: &House, why: Circumstances) -> Result<(), Problem> {
        house.rooms.zones(Command::Create(self), why).await?;
        Ok(())
    }

    async fn change(
        self,
        house: &House,
        _: Self,
        version: i64,
        why: Circumstances,
    ) -> Result<(), Problem> {
        let command = Command::Change { after: self, version: Some(version) };
        house.rooms.zones(command, why).await?;
        Ok(())
    }

    async fn delete(house: &House, id: &str, why: Circumstances) -> Result<(), Problem> {
        house.rooms.zones(Command::Delete { id: ZoneId::from_text(id) }, why).await?;
        Ok(())
    }
}

/// POST /zones/preview: planned visits that a zone would refuse; nothing is kept.
///
/// # Errors
/// 404 for an unknown technician, 422.
pub async fn preview(
    house: web::Data<House>,
    body: Body<ZoneInput>,
) -> Result<HttpResponse, Problem> {
    let zone = Zone::checked(&house, body.0, None).await?;
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

/// GET /zones/{id}/refused: planned visits that it would refuse as it is.
///
/// # Errors
/// 404.
pub async fn refused(
    house: web::Data<House>,
    id: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    let held = kept::known::<Zone>(&house, &id).await?;
    told(&house, &held.thing).await
}
