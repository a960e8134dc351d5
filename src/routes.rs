//! The whole API on one screen, grouped by who calls it. The same table registers the handlers, tells the gate who
//! may pass, and makes the OpenAPI document: what does not stand here does not exist.

use actix_web::http::header::{self, HeaderValue};
use actix_web::http::{Method, StatusCode};
use actix_web::{HttpResponse, ResponseError, Route as Handler, guard, web};
use actors::materials::Material;
use actors::presets::Preset;
use actors::sla::protocol::Policy;
use actors::tags::Tag;
use actors::templates::Template;
use actors::zones::protocol::Zone;

use crate::auth::Role::{self, Accounting, Admin, Dispatcher, Network, Support, Viewer};
use crate::auth::gate::Access::{self, Anyone, OwnProof, Staff};
use crate::error::Problem;
use crate::kept::http as kept;
use crate::openapi::Shape;
use crate::{
    absences, addresses, assets, auth, board, bundles, calendars, conversations, customers,
    fairness, inbound, jobs, live, notifications, offers, openapi, operations, optimise, pages,
    search, series, sla, tags, technicians, templates, undo, urgent, whatif, zones,
};

/// Largest body that a provider or a tracker sends.
const MACHINE_BODY_MAX: usize = 256 * 1024;

const ALL: Access = Staff(&[Admin, Dispatcher, Support, Network, Accounting, Viewer]);
const DISPATCH: Access = Staff(&[Admin, Dispatcher]);
const OFFICE: Access = Staff(&[Admin, Dispatcher, Support]);
const ADMIN: Access = Staff(&[Admin]);

/// One method of one path.
pub struct Row {
    /// Method.
    pub method: Method,
    /// Path pattern.
    pub path: &'static str,
    /// Who may.
    pub access: Access,
    /// What it does, in a line.
    pub does: &'static str,
    /// Shape of the body, and of the answer.
    pub shape: Shape,
    /// The handler.
    pub handler: fn() -> Handler,
}

macro_rules! rows {
    ($($method:ident $path:literal $access:ident $handler:expr, $does:literal $(, $shape:expr)?;)*) => {
        vec![$(Row {
            method: Method::$method,
            path: $path,
            access: $access,
            does: $does,
            shape: { #[allow(unused_mut, unused_assignments)] let mut shape = Shape::none(); $(shape = $shape;)? shape },
            handler: || answering(Method::$method).to($handler),
        }),*]
    };
}

/// Every route.
pub fn table() -> Vec<Row> {
    let mut all = staff();
    all.extend(hours());
    all.extend(screens());
    all.extend(dispatch());
    all.extend(work());
    all.extend(second_thoughts());
    all.extend(link_holders());
    all.extend(machines());
    all
}

fn work() -> Vec<Row> {
    rows! {
        POST "/jobs" OFFICE jobs::http::create, "Create a job", Shape::both("JobInput", "JobShape");
        GET "/jobs" ALL jobs::http::list, "List and search jobs";
        GET "/jobs/{id}" ALL jobs::http::one, "One job", Shape::gives("JobShape");
        GET "/jobs/{id}/links" ALL jobs::http::one_links, "What a job waits for, and what waits for it";
        PATCH "/jobs/{id}" OFFICE jobs::http::edit, "Edit a job", Shape::gives("JobShape");
        POST "/jobs/{id}/status" DISPATCH jobs::http::set_status, "Take a visit further, or end a job", Shape::both("StatusInput", "JobShape");

        POST "/bundles" DISPATCH bundles::http::create, "Bundle jobs into one stop", Shape::both("BundleInput", "BundleShape");
        GET "/bundles" ALL bundles::http::list, "List bundles";
        GET "/bundles/{id}" ALL bundles::http::one, "One bundle", Shape::gives("BundleShape");
        PATCH "/bundles/{id}" DISPATCH bundles::http::edit, "Change the jobs of a bundle", Shape::gives("BundleShape");
        DELETE "/bundles/{id}" DISPATCH bundles::http::unbundle, "Take a bundle apart";
        GET "/templates" ALL kept::list::<Template>, "Lists of steps that become jobs";
        POST "/templates" DISPATCH kept::create::<Template>, "Make a template", Shape::both("TemplateInput", "TemplateShape");
        POST "/templates/starters" DISPATCH templates::http::start, "Take in five templates to start with";
        GET "/templates/{id}" ALL kept::one::<Template>, "One template, by id or code", Shape::gives("TemplateShape");
        PATCH "/templates/{id}" DISPATCH kept::edit::<Template>, "Edit a template; jobs stay as they are", Shape::gives("TemplateShape");
        DELETE "/templates/{id}" DISPATCH kept::delete::<Template>, "Delete a template; jobs stay";
        POST "/templates/{id}/apply" OFFICE templates::http::apply, "Its jobs, all in one commit", Shape::takes("ApplyInput");
        GET "/series" ALL series::http::list, "Jobs that come again";
        POST "/series/preview" OFFICE series::http::preview, "The next days of a rule", Shape::takes("PreviewInput");
        GET "/series/{id}" ALL series::http::one, "A series with its occurrences";
        POST "/series/{id}/end" OFFICE series::http::end, "It comes no more from a day on", Shape::takes("EndInput");
        GET "/holidays" ALL series::http::holidays, "The holidays of a year";
    }
}

fn staff() -> Vec<Row> {
    rows! {
        POST "/auth/login" Anyone auth::http::login, "Sign in", Shape::takes("SignIn");
        POST "/auth/setup" Anyone auth::http::setup, "Make the first account", Shape::takes("Setup");
        POST "/auth/logout" Anyone auth::http::logout, "Sign out";
        GET "/auth/me" ALL auth::http::me, "Who is signed in", Shape::gives("UserAnswer");
        PATCH "/auth/me" ALL auth::phone::change, "Change the phone of one's own account", Shape::both("OwnAccount", "UserAnswer");
        POST "/auth/users" ADMIN auth::http::create_user, "Make an account", Shape::takes("NewUser");
        POST "/auth/tokens" ADMIN auth::http::create_token, "Make an API token", Shape::takes("NewToken");
        DELETE "/auth/tokens/{id}" ADMIN auth::http::revoke_token, "Revoke an API token";

        POST "/tags" DISPATCH kept::create::<Tag>, "Make a tag", Shape::both("TagInput", "TagShape");
        GET "/tags" ALL tags::http::list, "List tags";
        GET "/tags/{id}" ALL tags::http::one, "One tag, and who uses it", Shape::gives("TagShape");
        PATCH "/tags/{id}" DISPATCH kept::edit::<Tag>, "Rename or colour a tag", Shape::gives("TagShape");
        DELETE "/tags/{id}" DISPATCH kept::delete::<Tag>, "Delete a tag that nobody uses";
        POST "/materials" DISPATCH kept::create::<Material>, "Make a material", Shape::both("MaterialInput", "MaterialShape");
        GET "/materials" ALL kept::list::<Material>, "List materials";
        GET "/materials/{id}" ALL kept::one::<Material>, "One material", Shape::gives("MaterialShape");
        PATCH "/materials/{id}" DISPATCH kept::edit::<Material>, "Edit a material", Shape::gives("MaterialShape");
        DELETE "/materials/{id}" DISPATCH kept::delete::<Material>, "Delete a material that no visit takes along";
        POST "/presets" DISPATCH kept::create::<Preset>, "Keep a view or a group", Shape::both("PresetInput", "PresetShape");
        GET "/presets" ALL kept::list::<Preset>, "List views and groups";
        PATCH "/presets/{id}" DISPATCH kept::edit::<Preset>, "Change a view or a group", Shape::gives("PresetShape");
        DELETE "/presets/{id}" DISPATCH kept::delete::<Preset>, "Throw a view or a group away";
        POST "/sla/policies" DISPATCH kept::create::<Policy>, "Write a service level down", Shape::both("SlaPolicyInput", "SlaPolicyShape");
        GET "/sla/policies" ALL kept::list::<Policy>, "List service levels";
        PATCH "/sla/policies/{id}" DISPATCH kept::edit::<Policy>, "Edit a service level; running clocks stay", Shape::gives("SlaPolicyShape");
        DELETE "/sla/policies/{id}" DISPATCH kept::delete::<Policy>, "Delete a service level";
        POST "/zones" DISPATCH kept::create::<Zone>, "Draw a zone", Shape::both("ZoneInput", "ZoneShape");
        GET "/zones" ALL kept::list::<Zone>, "List zones";
        POST "/zones/preview" DISPATCH zones::http::preview, "Planned visits that a zone would refuse; nothing is kept", Shape::takes("ZoneInput");
        GET "/zones/{id}" ALL kept::one::<Zone>, "One zone", Shape::gives("ZoneShape");
        GET "/zones/{id}/refused" ALL zones::http::refused, "Planned visits that a zone would refuse";
        PATCH "/zones/{id}" DISPATCH kept::edit::<Zone>, "Edit a zone; no visit moves", Shape::gives("ZoneShape");
        DELETE "/zones/{id}" DISPATCH kept::delete::<Zone>, "Delete a zone";
        POST "/technicians" DISPATCH technicians::http::create, "Hire a technician", Shape::both("TechnicianInput", "TechnicianShape");
        GET "/technicians" ALL technicians::http::list, "List technicians";
        GET "/technicians/{id}" ALL technicians::http::one, "One technician", Shape::gives("TechnicianShape");
        PATCH "/technicians/{id}" DISPATCH technicians::http::edit, "Edit a technician", Shape::gives("TechnicianShape");
        GET "/technicians/{id}/track" DISPATCH technicians::http::track, "Where a technician was, inside shifts";
        POST "/technicians/{id}/revoke-link" DISPATCH pages::http::revoke_technician_link, "Revoke a technician's present links";

        POST "/customers" OFFICE customers::http::create, "Register a customer", Shape::both("CustomerInput", "CustomerShape");
        GET "/customers" ALL customers::http::list, "List and search customers";
        GET "/customers/{id}" ALL customers::http::one, "One customer", Shape::gives("CustomerShape");
        PATCH "/customers/{id}" OFFICE customers::http::edit, "Edit a customer", Shape::gives("CustomerShape");
        POST "/locations" OFFICE customers::http::create_location, "Add a location", Shape::both("LocationInput", "LocationShape");
        GET "/locations" ALL customers::http::locations, "List locations";
        GET "/locations/{id}" ALL customers::http::one_location, "One location", Shape::gives("LocationShape");
        PATCH "/locations/{id}" OFFICE customers::http::edit_location, "Edit a location", Shape::gives("LocationShape");

        GET "/addresses" ALL addresses::http::addresses, "Find an address of the imported file", Shape::gives("AddressAnswer");
        GET "/search" ALL search::http::search, "Find technicians, customers, locations and jobs", Shape::gives("SearchAnswer");

        POST "/send/sms" OFFICE conversations::http::send, "Send a text", Shape::takes("SendInput");
        GET "/conversations" OFFICE conversations::http::list, "List conversations";
        POST "/conversations" OFFICE conversations::http::open, "Open a conversation", Shape::takes("OpenInput");
        GET "/conversations/{id}" OFFICE conversations::http::one, "One conversation";
        GET "/conversations/{id}/messages" OFFICE conversations::http::messages, "A conversation's messages";
        POST "/conversations/{id}/messages" OFFICE conversations::http::reply, "Reply", Shape::takes("ReplyInput");
        POST "/conversations/{id}/assign" OFFICE conversations::http::assign, "Who answers", Shape::takes("AssigneeInput");
        POST "/conversations/{id}/close" OFFICE conversations::http::close, "Put aside for good";
        POST "/conversations/{id}/snooze" OFFICE conversations::http::snooze, "Put aside for a while", Shape::takes("SnoozeInput");
        GET "/outbox" OFFICE conversations::http::outbox::outbox, "What was, will be, and would have been sent";
        POST "/outbox/{id}/recall" DISPATCH conversations::http::outbox::recall, "Take a waiting text back", Shape::gives("OutboxItem");
    }
}

/// Who is not there, and what becomes of their work.
fn hours() -> Vec<Row> {
    rows! {
        POST "/technicians/{id}/absences" DISPATCH technicians::http::absences::absent, "Report an absence", Shape::takes("AbsenceInput");
        GET "/technicians/{id}/would-free" ALL technicians::http::absences::would_free, "Visits that an absence would free";
        POST "/technicians/{id}/absences/plan" DISPATCH absences::http::plan, "What an absence would come to: nothing of it is real", Shape::both("AbsencePlanInput", "AbsencePlan");
        GET "/technicians/{id}/absences/plan/{plan}" DISPATCH absences::http::one, "An absence's plan as it was shown", Shape::gives("AbsencePlan");
        PATCH "/technicians/{id}/absences/plan/{plan}" DISPATCH absences::http::choose, "Choose otherwise for some visits", Shape::both("ChoicesInput", "AbsencePlan");
        DELETE "/technicians/{id}/absences/plan/{plan}" DISPATCH absences::http::forget, "Drop an absence's plan with no trace";
        POST "/technicians/{id}/absences/plan/{plan}/accept" DISPATCH absences::http::accept, "The absence and every visit as one act", Shape::takes("AcceptPlanInput");
        PATCH "/technicians/{id}/absences/{absence}" DISPATCH technicians::http::absences::change, "Move an absence, or end it early", Shape::takes("AbsenceChange");
        GET "/technicians/{id}/calendars" ALL calendars::outside::http::list, "Outside calendars, and what they take";
        POST "/technicians/{id}/calendars" DISPATCH calendars::outside::http::follow, "Follow an outside calendar", Shape::takes("OutsideCalendarInput");
        POST "/technicians/{id}/calendars/{calendar}/refresh" DISPATCH calendars::outside::http::refresh, "Read an outside calendar again";
        DELETE "/technicians/{id}/calendars/{calendar}" DISPATCH calendars::outside::http::unfollow, "Follow an outside calendar no longer";
        GET "/dispatch/fairness" ALL fairness::http::fairness, "Evenings, weekends and far jobs, by technician", Shape::gives("FairnessAnswer");
        DELETE "/technicians/{id}/absences/{absence}" DISPATCH technicians::http::absences::present, "End an absence";
    }
}

fn screens() -> Vec<Row> {
    rows! {
        GET "/sse" ALL live::sse::sse, "Live events over Server-Sent Events";
        GET "/ws" ALL live::socket::socket, "Live events over WebSocket";
        POST "/broadcast" DISPATCH live::broadcast::broadcast, "Tell a transient event";
        GET "/ops/config" ALL operations::config, "What screens must know";
        GET "/" Anyone operations::root, "To the board";
        GET "/ops/" Anyone assets::ops_index, "The screens";
        GET "/ops" Anyone operations::root, "To the board";
        GET "/assets/{path:.*}" Anyone assets::asset, "The screens' files";
    }
}

fn dispatch() -> Vec<Row> {
    rows! {
        GET "/dispatch/board" ALL board::http::board, "The board of some days; `pool` holds PoolJob";
        POST "/dispatch/assign" DISPATCH board::http::assign, "Give a job to a technician, or move it", Shape::both("AssignInput", "JobShape");
        GET "/dispatch/calendar" ALL board::http::calendar::calendar, "Days at a glance", Shape::gives("CalendarAnswer");
        GET "/dispatch/rows" ALL board::http::rows::rows, "Some technicians' shifts and drives";
        POST "/dispatch/assign-many" DISPATCH board::http::many::assign_many, "Several moves, all or none", Shape::takes("AssignManyInput");
        POST "/dispatch/presence" ALL board::http::presence::presence, "Who is at the board, and with which jobs", Shape::takes("PresenceInput");
        POST "/dispatch/unassign" DISPATCH board::http::unassign, "Back into the pool", Shape::both("UnassignInput", "JobShape");
        POST "/dispatch/auto-assign" DISPATCH board::http::offers::auto_assign, "The house rule for a day", Shape::takes("AutoAssignInput");
        POST "/dispatch/optimize" DISPATCH board::http::optimise::optimize, "The whole day planned anew", Shape::both("OptimizeInput", "DayPlanAnswer");
        GET "/dispatch/proposals" ALL board::http::proposals::proposals, "What the planner proposes";
        POST "/dispatch/proposals/{id}/accept" DISPATCH board::http::proposals::accept, "Make a proposal real", Shape::takes("VerdictInput");
        POST "/dispatch/proposals/{id}/dismiss" DISPATCH board::http::proposals::dismiss, "Dismiss a proposal", Shape::takes("VerdictInput");
        POST "/dispatch/holds" OFFICE board::http::holds::hold, "Keep a slot for a while", Shape::both("HoldInput", "Hold");
        POST "/offers" DISPATCH offers::http::offer, "Offer a job to technicians, wave by wave", Shape::both("OfferInput", "OfferShape");
        GET "/offers" ALL offers::http::offers, "Open offers, and those of the last day";
        GET "/offers/{id}" ALL offers::http::one, "One offer, and who answered what", Shape::gives("Offer");
        POST "/offers/{id}/withdraw" DISPATCH offers::http::withdraw, "Take an offer back", Shape::gives("Offer");
        POST "/dispatch/urgent" DISPATCH urgent::http::urgent, "Three ways to let an urgent job in", Shape::both("UrgentInput", "UrgentAnswer");
        POST "/dispatch/urgent/apply" DISPATCH urgent::http::apply, "Make one of them real, all of it or nothing", Shape::takes("UrgentApplyInput");
        POST "/dispatch/whatif" DISPATCH whatif::http::fork, "Fork a day: nothing of it is real", Shape::both("WhatIfInput", "WhatIf");
        GET "/dispatch/whatif/{id}" DISPATCH whatif::http::one, "A forked day beside the living one", Shape::gives("WhatIf");
        DELETE "/dispatch/whatif/{id}" DISPATCH whatif::http::forget, "Drop a forked day with no trace";
        POST "/dispatch/whatif/{id}/steps" DISPATCH whatif::http::take_step, "Change a forked day", Shape::both("WhatIfStep", "WhatIf");
        DELETE "/dispatch/whatif/{id}/steps" DISPATCH whatif::http::step_back, "Take the last step back", Shape::gives("WhatIf");
        GET "/dispatch/whatif/{id}/texts" DISPATCH whatif::http::texts, "The texts that an adoption would send";
        POST "/dispatch/whatif/{id}/adopt" DISPATCH whatif::http::adopt, "Make a forked day real, all of it or nothing";
        GET "/dispatch/holds" ALL board::http::holds::holds, "Slots that are kept";
        DELETE "/dispatch/holds/{id}" OFFICE board::http::holds::release, "Let a kept slot go";
        GET "/jobs/{id}/suggestions" DISPATCH board::http::offers::suggestions, "Where a job could go, now or as it was answered at `at`";
        POST "/dispatch/suggest" DISPATCH board::http::offers::suggest, "Where a job could go", Shape::takes("SuggestInput");
        POST "/optimize" DISPATCH optimise::http::optimize, "VROOM's JSON: the best routes, nothing kept", Shape::both("VroomInput", "VroomOutput");
        GET "/dispatch/ical-token/{tech}" DISPATCH calendars::http::token, "The address of a technician's calendar";
        POST "/dispatch/ical-token/{tech}/revoke" DISPATCH calendars::http::revoke, "Revoke a calendar's address";
    }
}

/// What is not real yet, what is taken back, and what was promised.
fn second_thoughts() -> Vec<Row> {
    rows! {
        POST "/dispatch/drafts/drop" DISPATCH board::http::drafts::drop_entries, "Throw draft entries away", Shape::takes("DropInput");
        POST "/dispatch/publish" DISPATCH board::http::drafts::publish, "Make drafts real", Shape::takes("PublishInput");
        GET "/dispatch/undo" DISPATCH undo::http::history, "What I can take back and do again", Shape::gives("History");
        POST "/dispatch/undo" DISPATCH undo::http::undo, "Take back what I did", Shape::takes("UndoInput");
        POST "/dispatch/redo" DISPATCH undo::http::redo, "Do again what I took back", Shape::takes("RedoInput");
        POST "/outbox/{id}/approve" DISPATCH conversations::http::outbox::approve, "Let a drafted correction go", Shape::gives("OutboxItem");
        POST "/jobs/{id}/sla/pause" DISPATCH sla::http::pause, "A job's clock stands still", Shape::both("PauseInput", "JobShape");
        POST "/jobs/{id}/sla/resume" DISPATCH sla::http::resume, "A job's clock runs on", Shape::both("ResumeInput", "JobShape");
        GET "/dispatch/sla" ALL sla::http::queue::queue, "Clocks by minutes left, and what would keep them";
        GET "/jobs/{id}/insisted" OFFICE board::http::insisted::insisted, "Which rules a visit breaks, who insisted and when";
        GET "/jobs/{id}/promises" OFFICE notifications::ledger::http::of_job, "What the customer was told, and what became of it";
        GET "/promises" OFFICE notifications::ledger::http::kept, "Promises of some days, kept and broken";
    }
}

fn link_holders() -> Vec<Row> {
    rows! {
        GET "/t/{token}" OwnProof pages::http::technician_page, "A technician's day";
        GET "/t/{token}/state" OwnProof pages::http::technician_state, "A technician's day as data";
        GET "/t/{token}/events" OwnProof pages::http::technician_events, "When a technician's day changes";
        POST "/t/{token}/jobs/{job_id}/status" OwnProof pages::http::technician_status, "En route, on site, done", Shape::takes("StatusInput");
        POST "/t/{token}/offers/{offer_id}/{answer}" OwnProof pages::offers::http::answer, "Accept or decline an offered job";
        GET "/track/{token}" OwnProof pages::http::tracking_page, "A customer's visit";
        GET "/track/{token}/state" OwnProof pages::http::tracking_state, "A customer's visit as data";
        GET "/track/{token}/events" OwnProof pages::http::tracking_events, "When a customer's visit changes";
        GET "/dispatch/calendar/{tech}.ics" OwnProof calendars::http::feed, "A technician's calendar";
    }
}

fn machines() -> Vec<Row> {
    rows! {
        GET "/traccar/osmand" OwnProof inbound::traccar::osmand, "A position, OsmAnd's way";
        POST "/traccar/osmand" OwnProof inbound::traccar::osmand, "A position, OsmAnd's way";
        GET "/traccar/osmand/{secret}" OwnProof inbound::traccar::osmand_secret, "A position, with the secret";
        POST "/traccar/osmand/{secret}" OwnProof inbound::traccar::osmand_secret, "A position, with the secret";
        POST "/traccar/positions" OwnProof inbound::traccar::forwarded, "A position that Traccar forwards";
        POST "/webhook/twilio/sms-incoming" OwnProof inbound::twilio::incoming, "A text came in";
        POST "/webhook/twilio/sms-status" OwnProof inbound::twilio::status, "How a text fares";
        GET "/health" Anyone operations::health, "Is it alive";
        GET "/ready" Anyone operations::ready, "Is it ready";
        GET "/metrics" Anyone operations::figures, "Figures for Prometheus";
        GET "/openapi.json" Anyone openapi::document, "This document";
    }
}

/// Registers every route.
pub fn register(config: &mut web::ServiceConfig) {
    let mut by_path: Vec<(&'static str, Vec<Handler>)> = Vec::new();
    for row in table() {
        match by_path.iter_mut().find(|(path, _)| *path == row.path) {
            Some((_, handlers)) => handlers.push((row.handler)()),
            None => by_path.push((row.path, vec![(row.handler)()])),
        }
    }
    for (path, handlers) in by_path {
        let mut resource =
            handlers.into_iter().fold(web::resource(path), |all, one| all.route(one));
        if path.starts_with("/traccar") || path.starts_with("/webhook") {
            resource = resource.app_data(web::PayloadConfig::new(MACHINE_BODY_MAX));
        }
        let allowed = allowed(path);
        let refuse = web::route().to(move || std::future::ready(not_that_way(&allowed)));
        if path == "/optimize" {
            resource = resource.app_data(web::PayloadConfig::new(optimise::http::BODY_MAX));
        }
        config.service(resource.default_service(refuse));
    }
}

/// A route of this method; what answers GET answers HEAD as well, and `bodyless` keeps the body back.
fn answering(method: Method) -> Handler {
    match method {
        Method::GET => web::route().guard(guard::Any(guard::Get()).or(guard::Head())),
        other => web::method(other),
    }
}

/// The methods of a path, as the `Allow` header lists them.
fn allowed(path: &str) -> String {
    let mut methods = Vec::new();
    for row in table().into_iter().filter(|row| row.path == path) {
        methods.push(row.method.to_string());
        if row.method == Method::GET {
            methods.push(Method::HEAD.to_string());
        }
    }
    methods.join(", ")
}

fn not_that_way(allowed: &str) -> HttpResponse {
    let words = format!("This path takes {allowed}.");
    let problem = Problem::new(StatusCode::METHOD_NOT_ALLOWED, "input.wrong_method", words);
    let mut answer = problem.error_response();
    if let Ok(methods) = HeaderValue::from_str(allowed) {
        answer.headers_mut().insert(header::ALLOW, methods);
    }
    answer
}

/// Roles that a route names, for guard tests.
pub fn roles(access: Access) -> Option<&'static [Role]> {
    match access {
        Staff(roles) => Some(roles),
        Anyone | OwnProof => None,
    }
}
