//! The provider fails in each of its ways: nothing is lost, nothing goes out twice, and the outbox says what is the
//! matter while it lasts.

use std::time::{Duration, Instant};

use serde_json::Value;

use crate::harness::server::{Api, Plan, Server, monday_morning, tidy_up};
use crate::load::{Acknowledged, Dispatcher, number, with_texts};
use crate::twilio_double::TwilioDouble;

/// A house whose provider is about to fail.
struct House {
    plan: Plan,
    double: TwilioDouble,
    dispatcher: Dispatcher,
    technician: String,
    server: Option<Server>,
}

impl House {
    async fn new(name: &str) -> Option<Self> {
        let mut plan = Plan::new(name);
        let double = TwilioDouble::start(&plan.folder.join("twilio.log"), None)?;
        plan = with_texts(plan, &double);
        let (api, acknowledged) = (Api::of(&plan), Acknowledged::new(&plan.folder));
        let dispatcher = Dispatcher { worker: 0, api, acknowledged };
        let mut house = Self { plan, double, dispatcher, technician: String::new(), server: None };
        house.start(Duration::ZERO).await;
        house.technician = house.dispatcher.hire().await.unwrap();
        Some(house)
    }

    /// Starts it with its clock, and the provider's, so far on.
    async fn start(&mut self, later: Duration) {
        let clock = monday_morning(later);
        self.double.post("/clock", serde_json::json!({"at": clock})).await;
        self.server = Some(self.plan.start(&clock).await);
    }

    /// The nth customer's text, once it satisfies `when`.
    async fn text(&self, n: usize, what: &str, when: impl Fn(&Value) -> bool) -> Value {
        let began = Instant::now();
        loop {
            let (status, outbox) = self.dispatcher.api.get("/outbox?limit=200").await;
            assert_eq!(status, 200, "{outbox}");
            let items = outbox["items"].as_array().unwrap();
            let ours: Vec<&Value> = items.iter().filter(|i| i["to"] == number(0, n)).collect();
            assert!(ours.len() <= 1, "one promise: {ours:?}");
            if let Some(text) = ours.first().filter(|text| when(text)) {
                return (*text).clone();
            }
            assert!(
                began.elapsed() < Duration::from_secs(45),
                "customer {n} {what}: {ours:?}\n{}",
                self.plan.log()
            );
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }

    async fn has_problem(&self, n: usize, problem: &str) {
        let waits = |text: &Value| text["state"] == "queued" && text["problem"] == problem;
        self.text(n, problem, waits).await;
    }

    /// The nth customer's text leaves in the end, shows no problem any more, and was taken once.
    async fn arrives_once(&self, n: usize) {
        let sent = self.text(n, "sent", |text| text["state"] == "sent").await;
        assert_eq!(sent["problem"], Value::Null, "{sent}");
        assert_eq!(self.taken(n), 1, "customer {n}");
    }

    /// How often the provider took a text to the nth customer.
    fn taken(&self, n: usize) -> usize {
        self.double.accepted().iter().filter(|sent| sent["to"] == number(0, n)).count()
    }

    async fn serve(&self, n: usize) {
        self.dispatcher.serve(&self.technician, n).await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_the_provider_cannot_take_now_waits_says_why_and_arrives_once() {
    let Some(house) = House::new("provider-away").await else { return };
    house.double.play("down", 0).await;
    house.serve(0).await;
    house.has_problem(0, "twilio could not be reached").await;
    house.double.play("ok", 0).await;
    house.arrives_once(0).await;

    house.double.play("429", 1).await;
    house.serve(1).await;
    house.has_problem(1, "twilio asked us to slow down").await;
    house.arrives_once(1).await;

    house.double.play("503", 1).await;
    house.serve(2).await;
    house.has_problem(2, "twilio is not available").await;
    house.arrives_once(2).await;
    tidy_up(&house.plan.folder);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_text_whose_answer_was_lost_is_asked_for_before_it_is_sent_again() {
    let Some(mut house) = House::new("provider-unknown").await else { return };
    house.double.play("reset-after-accept", 1).await;
    house.serve(0).await;
    house.has_problem(0, "the connection to twilio broke off").await;
    house.double.play("reset-before-accept", 1).await;
    house.serve(1).await;
    house.has_problem(1, "the connection to twilio broke off").await;
    // Half a minute: longer than anybody waits.
    house.double.play("slow", 1).await;
    house.serve(2).await;
    house.has_problem(2, "twilio did not answer in time").await;
    assert_eq!((house.taken(0), house.taken(1), house.taken(2)), (1, 0, 1));

    // The leases end while the house is closed.
    assert!(house.server.take().unwrap().stop().await.success(), "{}", house.plan.log());
    house.start(Duration::from_secs(150)).await;
    for n in 0..3 {
        house.arrives_once(n).await;
    }
    tidy_up(&house.plan.folder);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_stop_that_only_the_provider_knows_is_believed() {
    let Some(house) = House::new("provider-stop").await else { return };
    house.double.play("21610", 1).await;
    house.serve(0).await;
    let refused = house.text(0, "failed", |text| text["state"] == "failed").await;
    assert_eq!(refused["problem"], "the recipient has opted out");
    let thread = format!("/conversations/{}", refused["conversation_id"].as_str().unwrap());
    let (_, thread) = house.dispatcher.api.get(&thread).await;
    assert!(thread.to_string().contains("withdrawn"), "{thread}");
    assert_eq!(house.taken(0), 0);
    tidy_up(&house.plan.folder);
}
