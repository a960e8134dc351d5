//! Every command that a dispatcher can send, and what becomes of it when it is taken back: a story that shows it, or the
//! reason why there is nothing or no way. A test goes over the routes, so that none can be added without a word here.

/// What undo does with what a route did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Undoable {
    /// Taken back and done again; the story that shows it.
    Yes(&'static str),
    /// Nothing is kept by it: there is nothing to take back.
    KeepsNothing,
    /// It is itself a way back.
    IsAWayBack,
    /// It cannot be, and why.
    No(&'static str),
}

use Undoable::{IsAWayBack, KeepsNothing, No, Yes};

const MOVES: Undoable = Yes("a_move_is_undone_and_done_again");
const KEPT: Undoable = Yes("what_the_office_keeps_is_an_act_whoever_made_changed_or_deleted_it");
const PLANS: Undoable = Yes("a_plan_is_undone_like_everything_else");
const SERIES: Undoable = Yes("a_series_is_begun_changed_and_ended_with_a_way_back");
const WAITING: Undoable = Yes("held_slots_offers_and_proposals_have_a_way_back");
const THREADS: Undoable = Yes("a_thread_lies_where_it_lay_and_what_was_written_has_left");
const WRITTEN: Undoable = No("a text that is written by hand leaves at once; write a correction");
const SECRET: Undoable = No("a revoked link or address stays revoked: somebody wanted it closed");

/// By method and path.
pub static ROUTES: &[(&str, &str, Undoable)] = &[
    ("POST", "/jobs", Yes("edits_cancellations_steps_and_tags_are_acts_too")),
    ("PATCH", "/jobs/{id}", Yes("edits_cancellations_steps_and_tags_are_acts_too")),
    ("POST", "/jobs/{id}/status", Yes("edits_cancellations_steps_and_tags_are_acts_too")),
    ("POST", "/bundles", Yes("a_bundle_is_made_and_taken_apart_with_a_way_back")),
    ("PATCH", "/bundles/{id}", Yes("a_bundle_is_made_and_taken_apart_with_a_way_back")),
    ("DELETE", "/bundles/{id}", Yes("a_bundle_is_made_and_taken_apart_with_a_way_back")),
    ("POST", "/templates", KEPT),
    ("POST", "/templates/starters", KEPT),
    ("PATCH", "/templates/{id}", KEPT),
    ("DELETE", "/templates/{id}", KEPT),
    ("POST", "/templates/{id}/apply", Yes("a_template_that_was_applied_is_taken_back_as_one")),
    ("POST", "/series/preview", KeepsNothing),
    ("POST", "/series/{id}/end", SERIES),
    ("POST", "/tags", Yes("edits_cancellations_steps_and_tags_are_acts_too")),
    ("PATCH", "/tags/{id}", KEPT),
    ("DELETE", "/tags/{id}", KEPT),
    ("POST", "/materials", KEPT),
    ("PATCH", "/materials/{id}", KEPT),
    ("DELETE", "/materials/{id}", KEPT),
    ("POST", "/presets", KEPT),
    ("PATCH", "/presets/{id}", KEPT),
    ("DELETE", "/presets/{id}", KEPT),
    ("POST", "/sla/policies", KEPT),
    ("PATCH", "/sla/policies/{id}", KEPT),
    ("DELETE", "/sla/policies/{id}", KEPT),
    ("POST", "/zones", Yes("drawing_a_zone_is_taken_back_and_done_again")),
    ("POST", "/zones/preview", KeepsNothing),
    ("PATCH", "/zones/{id}", KEPT),
    ("DELETE", "/zones/{id}", KEPT),
    ("POST", "/technicians", Yes("whoever_joined_by_mistake_never_did")),
    ("PATCH", "/technicians/{id}", Yes("edits_cancellations_steps_and_tags_are_acts_too")),
    ("POST", "/technicians/{id}/revoke-link", SECRET),
    ("POST", "/customers", Yes("a_customer_and_a_place_added_by_mistake_never_were")),
    ("PATCH", "/customers/{id}", Yes("a_customer_and_a_place_added_by_mistake_never_were")),
    ("POST", "/locations", Yes("a_customer_and_a_place_added_by_mistake_never_were")),
    ("PATCH", "/locations/{id}", Yes("a_customer_and_a_place_added_by_mistake_never_were")),
    ("POST", "/send/sms", WRITTEN),
    ("POST", "/conversations", THREADS),
    ("POST", "/conversations/{id}/messages", WRITTEN),
    ("POST", "/conversations/{id}/assign", THREADS),
    ("POST", "/conversations/{id}/close", THREADS),
    ("POST", "/conversations/{id}/snooze", THREADS),
    ("POST", "/outbox/{id}/recall", IsAWayBack),
    (
        "POST",
        "/outbox/{id}/approve",
        No("an approved correction leaves at once, and a text that left has left"),
    ),
    ("POST", "/technicians/{id}/absences", Yes("an_absence_that_is_undone_brings_its_visits_back")),
    ("POST", "/technicians/{id}/absences/plan", KeepsNothing),
    ("PATCH", "/technicians/{id}/absences/plan/{plan}", KeepsNothing),
    ("DELETE", "/technicians/{id}/absences/plan/{plan}", KeepsNothing),
    (
        "POST",
        "/technicians/{id}/absences/plan/{plan}/accept",
        Yes("an_approved_absence_is_undone_as_one"),
    ),
    (
        "PATCH",
        "/technicians/{id}/absences/{absence}",
        Yes("an_absence_is_moved_and_ended_with_a_way_back"),
    ),
    (
        "DELETE",
        "/technicians/{id}/absences/{absence}",
        Yes("an_absence_is_moved_and_ended_with_a_way_back"),
    ),
    (
        "POST",
        "/technicians/{id}/calendars",
        No("its secret address is in no journal; follow or unfollow it again"),
    ),
    ("POST", "/technicians/{id}/calendars/{calendar}/refresh", KeepsNothing),
    (
        "DELETE",
        "/technicians/{id}/calendars/{calendar}",
        No("its secret address is in no journal; follow it again"),
    ),
    ("POST", "/broadcast", KeepsNothing),
    ("POST", "/dispatch/assign", MOVES),
    (
        "POST",
        "/dispatch/assign-many",
        Yes("a_fork_is_adopted_as_one_act_with_the_texts_that_it_showed"),
    ),
    ("POST", "/dispatch/presence", KeepsNothing),
    ("POST", "/dispatch/unassign", MOVES),
    ("POST", "/dispatch/auto-assign", PLANS),
    ("POST", "/dispatch/optimize", PLANS),
    ("POST", "/dispatch/proposals/{id}/accept", WAITING),
    ("POST", "/dispatch/proposals/{id}/dismiss", WAITING),
    ("POST", "/dispatch/holds", WAITING),
    ("DELETE", "/dispatch/holds/{id}", WAITING),
    ("POST", "/offers", WAITING),
    (
        "POST",
        "/offers/{id}/withdraw",
        No("technicians may know by then that the offer is over; offer the job again"),
    ),
    ("POST", "/dispatch/urgent", KeepsNothing),
    (
        "POST",
        "/dispatch/urgent/apply",
        Yes("a_way_is_one_act_whose_texts_are_those_that_were_shown"),
    ),
    ("POST", "/dispatch/whatif", KeepsNothing),
    ("DELETE", "/dispatch/whatif/{id}", KeepsNothing),
    ("POST", "/dispatch/whatif/{id}/steps", KeepsNothing),
    ("DELETE", "/dispatch/whatif/{id}/steps", IsAWayBack),
    (
        "POST",
        "/dispatch/whatif/{id}/adopt",
        Yes("a_fork_is_adopted_as_one_act_with_the_texts_that_it_showed"),
    ),
    (
        "PATCH",
        "/auth/me",
        No("a phone of one's own is set up and not done; write the other one again"),
    ),
    ("POST", "/dispatch/suggest", KeepsNothing),
    ("POST", "/optimize", KeepsNothing),
    ("POST", "/dispatch/ical-token/{tech}/revoke", SECRET),
    (
        "POST",
        "/dispatch/drafts/drop",
        Yes("a_publish_is_undone_as_one_and_its_draft_is_there_again"),
    ),
    ("POST", "/dispatch/publish", Yes("a_publish_is_undone_as_one_and_its_draft_is_there_again")),
    ("POST", "/dispatch/undo", IsAWayBack),
    ("POST", "/dispatch/redo", IsAWayBack),
    (
        "POST",
        "/jobs/{id}/sla/pause",
        Yes("a_pause_shifts_what_is_due_exactly_and_is_taken_back_like_any_act"),
    ),
    (
        "POST",
        "/jobs/{id}/sla/resume",
        Yes("a_pause_shifts_what_is_due_exactly_and_is_taken_back_like_any_act"),
    ),
];

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::path::Path;

    use actix_web::http::Method;

    use super::*;
    use crate::auth::Role;

    /// What a dispatcher may send that is no question.
    fn commands() -> BTreeSet<(String, &'static str)> {
        let may = |row: &crate::routes::Row| {
            crate::routes::roles(row.access).is_some_and(|roles| roles.contains(&Role::Dispatcher))
        };
        crate::routes::table()
            .into_iter()
            .filter(|row| row.method != Method::GET && may(row))
            .map(|row| (row.method.to_string(), row.path))
            .collect()
    }

    fn listed() -> BTreeSet<(String, &'static str)> {
        ROUTES.iter().map(|(method, path, _)| ((*method).to_owned(), *path)).collect()
    }

    #[test]
    fn every_command_of_a_dispatcher_can_be_taken_back_or_says_why_not() {
        assert_eq!(commands(), listed(), "left: the routes; right: what undo says of them");
        assert_eq!(ROUTES.len(), listed().len(), "a route stands there twice");
    }

    #[test]
    fn whatever_can_be_taken_back_is_shown_by_a_story() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/stories");
        let mut told = String::new();
        for file in std::fs::read_dir(folder).unwrap().flatten() {
            if file.path().is_file() {
                told.push_str(&std::fs::read_to_string(file.path()).unwrap());
            }
        }
        for (method, path, how) in ROUTES {
            if let Yes(story) = how {
                let name = format!("async fn {story}(");
                assert!(told.contains(&name), "{method} {path}: there is no story {story}");
            }
        }
    }

    #[test]
    fn the_page_on_undo_speaks_of_every_command() {
        let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/capabilities/undo.md");
        let page = std::fs::read_to_string(page).unwrap();
        for (method, path, _) in ROUTES {
            assert!(page.contains(&format!("`{method} {path}`")), "{method} {path} is not there");
        }
    }
}
