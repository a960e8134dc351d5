//! Whom an entry's `by` stands for: the person of an account, or the technician behind a link. It names people to staff only.

use crate::house::House;

/// How the journal writes down a technician who acted on their page.
const TECHNICIAN: &str = "tech:";

/// The person's name; none for a program, for a part of the house and for somebody who is not known any more.
pub async fn name_of(house: &House, by: &str) -> Option<String> {
    if let Some(user) = house.keys.user(by) {
        return Some(user.name);
    }
    let id = by.strip_prefix(TECHNICIAN)?;
    let mut connection = house.read().await.ok()?;
    let known = crate::technicians::store::one(&mut connection, id).await.ok()??;
    Some(known.technician.name)
}
