//! What was told of a job, read from its rows: to the customer, to those who go or went, to those who were asked; apart from it
//! what they were to be told and never read. Decides nothing.

use actors::conversations::protocol::MessageKind;
use actors::ids::{MessageId, OfferId, TechnicianId, VisitId};
use actors::notifications::{JobNotices, OfferText, OfferTold, TechnicianTold, Told};
use sqlx::{AnyConnection, Row};

use crate::journal::projection::moment;

/// What a technician was told of an offer; none where the row is of a visit.
fn of_offer(
    row: &sqlx::any::AnyRow,
    technician: &str,
    kind: MessageKind,
    text: OfferText,
) -> Result<Option<OfferTold>, sqlx::Error> {
    let offer: Option<String> = row.try_get("offer_id")?;
    let phone: Option<String> = row.try_get("phone")?;
    Ok(offer.zip(phone).map(|(offer, phone)| OfferTold {
        offer_id: OfferId::from_text(&offer),
        technician_id: TechnicianId::from_text(technician),
        kind,
        phone: phone.into(),
        text,
    }))
}

/// Reads everything that was told of a job, or was to be told, in order.
///
/// # Errors
/// When the database cannot be read.
pub(super) async fn read(
    now: &mut AnyConnection,
    key: &str,
    room: &mut JobNotices,
) -> Result<(), sqlx::Error> {
    let rows = sqlx::query(
        "SELECT t.message_id, t.kind, t.technician_id, t.visit_id, t.start_us, t.phone, t.untold,
           t.at_us, t.offer_id, CASE WHEN p.gone = 1 THEN 'recalled' ELSE m.state END AS state,
           e.state AS errand FROM tellings t
         LEFT JOIN message_parts p ON p.telling_id = t.message_id
         LEFT JOIN messages m ON m.id = COALESCE(p.message_id, t.message_id)
         LEFT JOIN errands e ON e.id = 'errand_' || substr(m.id, 5)
         WHERE t.job_id = $1 ORDER BY t.at_us, t.message_id",
    )
    .bind(key.to_owned())
    .fetch_all(&mut *now)
    .await?;
    for row in &rows {
        let kind: String = row.try_get("kind")?;
        let kind: MessageKind = serde_json::from_value(kind.into())
            .map_err(|error| sqlx::Error::Decode(error.into()))?;
        let visit_id: Option<String> = row.try_get("visit_id")?;
        let visit_id = visit_id.map(|id| VisitId::from_text(&id));
        if row.try_get::<Option<String>, _>("untold")?.is_some() {
            room.told.push(Told { kind, visit_id, text: None });
            continue;
        }
        room.tellings += 1;
        let id: String = row.try_get("message_id")?;
        let state: Option<String> = row.try_get("state")?;
        let errand: Option<String> = row.try_get("errand")?;
        // A telling whose message is not written yet waits as well.
        let waits = matches!(state.as_deref(), None | Some("queued" | "drafted"))
            && matches!(errand.as_deref(), None | Some("ready"));
        if waits {
            room.waiting.push(MessageId::from_text(&id));
        }
        let technician: Option<String> = row.try_get("technician_id")?;
        let is_unread = matches!(state.as_deref(), Some("recalled" | "failed"));
        match technician {
            Some(technician) => {
                let stands = (kind, waits, state.as_deref());
                of_technician(room, row, TechnicianId::from_text(&technician), stands)?;
            }
            None if !is_unread => {
                let phone: Option<String> = row.try_get("phone")?;
                let text = phone.map(|phone| (MessageId::from_text(&id), phone.into()));
                room.told.push(Told { kind, visit_id, text });
            }
            None => room.customer_unread.push(moment(row.try_get("at_us")?)?),
        }
    }
    Ok(())
}

/// What a technician was told, or was to be told: of an offer or of a visit. `waits` and the state are of the text.
fn of_technician(
    room: &mut JobNotices,
    row: &sqlx::any::AnyRow,
    technician_id: TechnicianId,
    (kind, waits, state): (MessageKind, bool, Option<&str>),
) -> Result<(), sqlx::Error> {
    let text = match state {
        _ if waits => OfferText::Waits,
        Some("recalled" | "failed") => OfferText::Unread,
        _ => OfferText::Left,
    };
    if let Some(told) = of_offer(row, technician_id.as_str(), kind, text)? {
        room.offers_told.push(told);
        return Ok(());
    }
    let start: Option<i64> = row.try_get("start_us")?;
    let phone: Option<String> = row.try_get("phone")?;
    let visit: Option<String> = row.try_get("visit_id")?;
    let (Some(start), Some(phone), Some(visit)) = (start, phone, visit) else { return Ok(()) };
    let told = TechnicianTold {
        technician_id,
        visit_id: VisitId::from_text(&visit),
        start: moment(start)?,
        phone: phone.into(),
        told_at: moment(row.try_get("at_us")?)?,
        kind,
        waits,
        is_written: state.is_some(),
    };
    remember(room, told, matches!(state, Some("recalled" | "failed")));
    Ok(())
}

/// Where a text to a technician is remembered: of leading, of going along, or of neither any more, which ends what was told
/// before it.
fn remember(room: &mut JobNotices, told: TechnicianTold, is_unread: bool) {
    let is_off = told.kind == MessageKind::JobTakenOff;
    match told.kind {
        _ if is_unread && !is_off => room.unread.push(told),
        _ if is_unread => {}
        MessageKind::JobTakenOff if told.waits => room.taken_off.push(told),
        MessageKind::JobTakenOff => {
            room.technician_told.retain(|one| one.technician_id != told.technician_id);
            room.assistants_told.retain(|one| one.technician_id != told.technician_id);
            room.unread.push(told);
        }
        MessageKind::CrewAssigned => room.assistants_told.push(told),
        _ => room.technician_told.push(told),
    }
}
