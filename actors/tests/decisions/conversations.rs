//! Conversations: consent, what waits, what is believed of the provider.

use actors::conversations::protocol::{
    Command, Consent, ConversationRefusal, Delivery, Incoming, Keyword, MergedBody, MessageKind,
    MessageState, Outgoing,
};
use actors::conversations::{Conversation, RECENT_MAX};
use actors::engine::journal::{AlarmChange, ErrandChange};
use actors::engine::refusal::Language;

use crate::world::{ask, ask_at, at, names};

const PHONE: &str = "+14505550102";

fn text(id: &str, kind: MessageKind) -> Outgoing {
    Outgoing {
        id: id.into(),
        phone: PHONE.into(),
        body: "Tournée : Ana arrive vers 10 h 45.".to_owned(),
        merged_body: None,
        kind,
        language: Language::Fr,
        job_id: Some("job_a".into()),
        customer_id: Some("cust_ruiz".into()),
        technician_id: None,
        due_at: at("09:01"),
        expires_at: None,
        held: false,
        suggested: None,
    }
}

fn queue(message: Outgoing) -> Command {
    let errand_id = format!("errand_{}", message.id).as_str().into();
    Command::Queue { message: Box::new(message), errand_id }
}

fn incoming(id: &str, body: &str, keyword: Option<Keyword>) -> Command {
    let answer = keyword.map(|keyword| {
        let kind = match keyword {
            Keyword::Stop => MessageKind::OptOutConfirmed,
            Keyword::Start => MessageKind::OptInConfirmed,
            Keyword::Help => MessageKind::Help,
        };
        let answer = text(&format!("{id}_answer"), kind);
        Box::new((answer, format!("errand_{id}_answer").as_str().into()))
    });
    Command::Receive {
        message: Box::new(Incoming {
            id: id.into(),
            phone: PHONE.into(),
            body: body.to_owned(),
            provider_id: format!("SM{id}").as_str().into(),
            customer_id: None,
            technician_id: None,
            job_id: None,
            language: Language::Fr,
            keyword,
            answer,
        }),
    }
}

fn delivery(id: &str, delivery: Delivery) -> Command {
    let errand_id = format!("errand_{id}").as_str().into();
    Command::RecordDelivery { message_id: id.into(), errand_id, delivery }
}

fn told(id: &str, state: MessageState, code: Option<i64>) -> Command {
    let (message_id, row) = (id.into(), None);
    Command::RecordStatus { message_id, row, provider_id: None, state, code, problem: None }
}

fn state(room: &Conversation, id: &str) -> MessageState {
    room.messages[&id.into()].message.state
}

#[test]
fn a_text_and_the_errand_that_sends_it_are_one_decision_and_made_once() {
    let mut room = Conversation::default();
    let decision = ask(&mut room, &queue(text("msg_1", MessageKind::Late))).unwrap();
    assert_eq!(names(&decision), ["thread_changed", "message_queued"]);
    assert!(
        matches!(&decision.errands[..], [ErrandChange::New { due_at, .. }] if *due_at == at("09:01"))
    );
    assert!(ask(&mut room, &queue(text("msg_1", MessageKind::Late))).unwrap().is_nothing());
}

#[test]
fn what_waits_can_be_taken_back_and_what_has_left_cannot() {
    let mut room = Conversation::default();
    ask(&mut room, &queue(text("msg_1", MessageKind::Late))).unwrap();
    let recall = Command::Recall { message_id: "msg_1".into() };
    let decision = ask(&mut room, &recall).unwrap();
    assert_eq!(decision.errands, [ErrandChange::Cancelled { id: "errand_msg_1".into() }]);
    assert_eq!(state(&room, "msg_1"), MessageState::Recalled);
    assert_eq!(ask(&mut room, &recall).unwrap_err(), ConversationRefusal::LeftAlready);
    ask(&mut room, &queue(text("msg_2", MessageKind::Late))).unwrap();
    room.messages.get_mut(&"msg_2".into()).unwrap().begun = true;
    let recall = Command::Recall { message_id: "msg_2".into() };
    assert_eq!(ask(&mut room, &recall).unwrap_err(), ConversationRefusal::LeftAlready);
}

#[test]
fn stop_withdraws_consent_takes_back_what_waits_and_is_confirmed() {
    let mut room = Conversation::default();
    ask(&mut room, &queue(text("msg_1", MessageKind::Late))).unwrap();
    let decision = ask(&mut room, &incoming("in_1", "Arrêt", Some(Keyword::Stop))).unwrap();
    assert_eq!(room.consent(), Consent::Withdrawn);
    assert_eq!(state(&room, "msg_1"), MessageState::Failed);
    assert!(decision.errands.contains(&ErrandChange::Cancelled { id: "errand_msg_1".into() }));
    assert_eq!(state(&room, "in_1_answer"), MessageState::Queued, "the confirmation goes out");

    let silent = ask(&mut room, &queue(text("msg_2", MessageKind::EtaChanged))).unwrap();
    assert!(silent.errands.is_empty(), "nothing is sent to somebody who said STOP");
    assert_eq!(state(&room, "msg_2"), MessageState::Failed);
    let reply = ask(&mut room, &queue(text("msg_3", MessageKind::Reply)));
    assert_eq!(reply.unwrap_err(), ConversationRefusal::OptedOut);

    ask(&mut room, &incoming("in_2", "START", Some(Keyword::Start))).unwrap();
    assert_eq!(room.consent(), Consent::Given);
    assert!(!ask(&mut room, &queue(text("msg_4", MessageKind::Late))).unwrap().errands.is_empty());
}

#[test]
fn a_webhook_that_comes_twice_is_one_text() {
    let mut room = Conversation::default();
    let hello = incoming("in_1", "Pouvez-vous venir à 16 h?", None);
    assert_eq!(names(&ask(&mut room, &hello).unwrap()), ["thread_changed", "message_received"]);
    assert!(ask(&mut room, &hello).unwrap().is_nothing());
}

#[test]
fn a_state_only_rises_whatever_the_order_of_the_callbacks() {
    let mut room = Conversation::default();
    ask(&mut room, &queue(text("msg_1", MessageKind::Late))).unwrap();
    // The callback overtakes the answer to the request.
    ask(&mut room, &told("msg_1", MessageState::Delivered, None)).unwrap();
    let accepted = delivery("msg_1", Delivery::Accepted { provider_id: "SM1".into() });
    let decision = ask(&mut room, &accepted).unwrap();
    assert_eq!(decision.errands, [ErrandChange::Over { id: "errand_msg_1".into(), done: true }]);
    assert_eq!(state(&room, "msg_1"), MessageState::Delivered);
    assert!(ask(&mut room, &told("msg_1", MessageState::Sent, None)).unwrap().is_nothing());
    assert!(ask(&mut room, &told("msg_9", MessageState::Sent, None)).unwrap().is_nothing());
}

#[test]
fn a_provider_that_knows_of_a_stop_is_believed() {
    let mut room = Conversation::default();
    ask(&mut room, &queue(text("msg_1", MessageKind::Late))).unwrap();
    let refused = Delivery::Refused { code: Some(21610), problem: "opted out".to_owned() };
    ask(&mut room, &delivery("msg_1", refused)).unwrap();
    assert_eq!((state(&room, "msg_1"), room.consent()), (MessageState::Failed, Consent::Withdrawn));
}

#[test]
fn a_provider_that_is_down_is_asked_again_later() {
    let mut room = Conversation::default();
    ask(&mut room, &queue(text("msg_1", MessageKind::Late))).unwrap();
    let later = Delivery::Later { due_at: at("09:10"), problem: "503".to_owned() };
    let decision = ask(&mut room, &delivery("msg_1", later)).unwrap();
    let again = ErrandChange::Again { id: "errand_msg_1".into(), due_at: at("09:10") };
    assert_eq!(decision.errands, [again]);
    assert_eq!(state(&room, "msg_1"), MessageState::Queued);
}

#[test]
fn an_attempt_of_unknown_end_says_so_keeps_its_lease_and_is_forgiven_once_it_arrived() {
    let mut room = Conversation::default();
    ask(&mut room, &queue(text("msg_1", MessageKind::Late))).unwrap();
    let unknown = Delivery::Unknown { problem: "no answer".to_owned() };
    let decision = ask(&mut room, &delivery("msg_1", unknown.clone())).unwrap();
    assert_eq!(names(&decision), ["message_changed"]);
    assert!(decision.errands.is_empty(), "its lease stays");
    let problem = |room: &Conversation| room.messages[&"msg_1".into()].message.problem.clone();
    assert_eq!(
        (state(&room, "msg_1"), problem(&room).as_deref()),
        (MessageState::Queued, Some("no answer"))
    );
    assert!(ask(&mut room, &delivery("msg_1", unknown)).unwrap().is_nothing());
    let accepted = delivery("msg_1", Delivery::Accepted { provider_id: "SM1".into() });
    ask(&mut room, &accepted).unwrap();
    assert_eq!((state(&room, "msg_1"), problem(&room)), (MessageState::Sent, None));
}

#[test]
fn texts_to_one_technician_that_still_wait_become_one() {
    let mut room = Conversation::default();
    let assigned = |id: &str| Outgoing {
        merged_body: Some(MergedBody { before: "Tournée : ".into(), after: " visites.".into() }),
        technician_id: Some("tech_ana".into()),
        customer_id: None,
        job_id: Some(id.replace("msg", "job").as_str().into()),
        expires_at: Some(at(if id == "msg_2" { "16:00" } else { "10:00" })),
        ..text(id, MessageKind::JobAssigned)
    };
    ask(&mut room, &queue(assigned("msg_1"))).unwrap();
    let second = ask(&mut room, &queue(assigned("msg_2"))).unwrap();
    assert_eq!(names(&second), ["message_rewritten"]);
    assert_eq!(room.messages[&"msg_1".into()].message.body, "Tournée : 2 visites.");
    // Naming the errand makes the commit fail if the courier has just begun.
    let still = ErrandChange::Moved {
        id: "errand_msg_1".into(),
        due_at: at("09:01"),
        // The later of the two visits is still ahead when the earlier is over.
        expires_at: Some(at("16:00")),
    };
    assert_eq!(second.errands, [still]);
    let after = ask_at(&mut room, &queue(assigned("msg_3")), at("09:02")).unwrap();
    assert_eq!(names(&after), ["message_queued"], "what is due is not rewritten any more");
}

#[test]
fn a_text_that_joins_another_waits_out_its_own_undo_time() {
    let mut room = Conversation::default();
    let assigned = |id: &str, due_at: &str| Outgoing {
        merged_body: Some(MergedBody { before: "Tournée : ".into(), after: " visites.".into() }),
        technician_id: Some("tech_ana".into()),
        customer_id: None,
        job_id: Some(id.replace("msg", "job").as_str().into()),
        due_at: at(due_at),
        ..text(id, MessageKind::JobAssigned)
    };
    ask_at(&mut room, &queue(assigned("msg_1", "09:05")), at("09:00")).unwrap();
    let second = ask_at(&mut room, &queue(assigned("msg_2", "09:09")), at("09:04")).unwrap();
    assert_eq!(names(&second), ["message_rewritten"]);
    assert_eq!(room.messages[&"msg_1".into()].message.due_at, at("09:09"));
    assert!(
        matches!(&second.errands[..], [ErrandChange::Moved { due_at, .. }] if *due_at == at("09:09"))
    );
    // The first has waited its own time over: it is kept back no longer, and the third is a text of its own.
    let third = ask_at(&mut room, &queue(assigned("msg_3", "09:13")), at("09:08")).unwrap();
    assert_eq!(names(&third), ["message_queued"]);
    assert_eq!(room.messages[&"msg_1".into()].message.due_at, at("09:09"));
    // A fourth joins the third.
    let fourth = ask_at(&mut room, &queue(assigned("msg_4", "09:14")), at("09:09")).unwrap();
    assert_eq!(names(&fourth), ["message_rewritten"]);
    assert_eq!(room.messages[&"msg_3".into()].message.jobs, 2);
}

#[test]
fn a_job_that_moves_before_its_text_left_is_still_one_job() {
    let mut room = Conversation::default();
    let assigned = |id, body: &str| Outgoing {
        body: body.to_owned(),
        merged_body: Some(MergedBody { before: "Tournée : ".into(), after: " visites.".into() }),
        technician_id: Some("tech_ana".into()),
        customer_id: None,
        ..text(id, MessageKind::JobAssigned)
    };
    ask(&mut room, &queue(assigned("msg_1", "À 10 h."))).unwrap();
    let moved = ask(&mut room, &queue(assigned("msg_2", "À 11 h."))).unwrap();
    assert_eq!(names(&moved), ["message_rewritten"]);
    let message = &room.messages[&"msg_1".into()].message;
    assert_eq!((message.body.as_str(), message.jobs), ("À 11 h.", 1));
}

#[test]
fn a_thread_is_put_aside_until_its_time_or_until_somebody_writes() {
    let mut room = Conversation::default();
    ask(&mut room, &incoming("in_1", "Merci", None)).unwrap();
    let past = Command::Snooze { until: at("08:00") };
    assert_eq!(ask(&mut room, &past).unwrap_err(), ConversationRefusal::SnoozeInThePast);
    let decision = ask(&mut room, &Command::Snooze { until: at("13:00") }).unwrap();
    assert_eq!(decision.alarms, [AlarmChange::Set { name: "wake".into(), due_at: at("13:00") }]);
    assert!(!room.thread.as_ref().unwrap().open);
    ask(&mut room, &incoming("in_2", "Encore moi", None)).unwrap();
    assert!(room.thread.as_ref().unwrap().open);
}

#[test]
fn of_a_long_thread_the_newest_are_known_and_whatever_waits() {
    let mut room = Conversation::default();
    ask(&mut room, &queue(text("msg_waits", MessageKind::VisitPromised))).unwrap();
    for number in 0..RECENT_MAX + 50 {
        let moment = at("09:00") + jiff::SignedDuration::from_secs(i64::try_from(number).unwrap());
        ask_at(&mut room, &incoming(&format!("in_{number:03}"), "Merci", None), moment).unwrap();
    }
    assert_eq!(room.messages.len(), RECENT_MAX + 1);
    assert_eq!(state(&room, "msg_waits"), MessageState::Queued);
    assert!(!room.messages.contains_key(&"in_049".into()));
    assert!(room.messages.contains_key(&"in_050".into()));
}
