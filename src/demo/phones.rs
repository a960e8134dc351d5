//! What happens on the invented people's phones: whether a text arrives, and what its reader texts back.
//! Pure and seeded; `exchange.rs` is the telephone company that carries it, `stage.rs` the clockwork that lets it happen in time.

use super::dice::Dice;
use super::work::Job;
use super::world::{Language, World};

/// One delivery report of the carrier, so many seconds after the text was taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Receipt {
    pub after_s: i64,
    pub status: &'static str,
    pub error: Option<u32>,
}

/// A text that somebody writes back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Answer {
    pub after_s: i64,
    pub body: &'static str,
}

/// The few customers of a day with a part of their own.
#[derive(Debug, Clone, Default)]
pub struct Cast {
    /// Wants no more texts.
    stops: Option<usize>,
    /// Asks for another hour.
    asks: Option<usize>,
    /// Does not know whom the text is from.
    wonders: Option<usize>,
}

const THANKS_FR: [&str; 8] = [
    "Merci",
    "OK",
    "Parfait, merci!",
    "C'est noté.",
    "Ok bonne journée",
    "Parfait on vous attend",
    "Merci, la porte sera débarrée",
    "👍",
];
const THANKS_EN: [&str; 6] =
    ["Thanks!", "OK", "Great, see you then", "Perfect thank you", "Got it", "Ok, I'll be home"];
const LATER_FR: [&str; 6] = [
    "OK merci de prévenir",
    "Pas de problème",
    "Je dois partir à midi, est-ce que ça va aller?",
    "Ok. Passez par l'arrière svp",
    "Super!",
    "Encore du retard?? J'attends depuis ce matin",
];
const LATER_EN: [&str; 5] = [
    "Thanks for letting me know",
    "No problem",
    "OK, use the side door please",
    "Will it be much longer?",
    "Great",
];

impl Cast {
    /// Gives the parts to the first French-speaking customers of the day who have a phone.
    pub fn of(world: &World, jobs: &[Job]) -> Self {
        let mut able = jobs
            .iter()
            .filter(|job| job.window.is_some_and(|(start, _)| start >= 720))
            .map(|job| job.customer)
            .filter(|customer| {
                let customer = &world.customers[*customer];
                customer.phone.is_some() && customer.language == Language::French
            });
        Self { asks: able.next(), wonders: able.next(), stops: able.next() }
    }

    /// What `customer` answers to the `nth` text of the day (the first is 0), if anything.
    pub fn answer(&self, world: &World, seed: u64, customer: usize, nth: usize) -> Option<Answer> {
        let mut dice = Dice::named(seed, &format!("answer {customer} {nth}"));
        let after_s = dice.whole(40, 1_500);
        if nth == 0 {
            let part = [
                (self.stops, "STOP"),
                (self.asks, "Pouvez-vous venir à 16 h?"),
                (self.wonders, "AIDE"),
            ];
            for (who, body) in part {
                if who == Some(customer) {
                    return Some(Answer { after_s: dice.whole(60, 600), body });
                }
            }
        }
        let customer = world.customers.get(customer)?;
        if nth > 2 || !customer.answers || !dice.chance(if nth == 0 { 0.34 } else { 0.22 }) {
            return None;
        }
        let body = match (customer.language, nth) {
            (Language::French, 0) => dice.word(&THANKS_FR),
            (Language::French, _) => dice.word(&LATER_FR),
            (Language::English, 0) => dice.word(&THANKS_EN),
            (Language::English, _) => dice.word(&LATER_EN),
        };
        Some(Answer { after_s, body })
    }
}

/// The carrier's reports on the text of this serial number: most arrive, some out of order, a few never.
pub fn receipts(seed: u64, serial: u64) -> Vec<Receipt> {
    let mut dice = Dice::named(seed, &format!("receipts {serial}"));
    let sent = Receipt { after_s: dice.whole(1, 3), status: "sent", error: None };
    if dice.chance(0.03) {
        let after_s = sent.after_s + dice.whole(3, 20);
        return vec![sent, Receipt { after_s, status: "undelivered", error: Some(30003) }];
    }
    let after_s = sent.after_s + dice.whole(1, 9);
    let delivered = Receipt { after_s, status: "delivered", error: None };
    if dice.chance(0.08) {
        // The carrier is quicker than its own books: "sent" comes last.
        let sent = Receipt { after_s: delivered.after_s + dice.whole(1, 4), ..sent };
        return vec![delivered, sent];
    }
    vec![sent, delivered]
}

#[cfg(test)]
mod tests {
    use super::{Cast, receipts};
    use crate::demo::world::World;

    #[test]
    fn each_part_is_played_once_and_one_in_three_says_thanks() {
        let world = World::new(2, 46, 280);
        let cast = Cast::of(&world, &world.jobs(0, 280));
        let answers: Vec<_> = (0..world.customers.len())
            .filter_map(|customer| cast.answer(&world, 2, customer, 0))
            .collect();
        for body in ["STOP", "AIDE", "Pouvez-vous venir à 16 h?"] {
            assert_eq!(answers.iter().filter(|answer| answer.body == body).count(), 1, "{body}");
        }
        let share = answers.len() as f64 / world.customers.len() as f64;
        assert!((0.15..0.45).contains(&share), "{share}");
        assert!(answers.iter().all(|answer| (40..=1_500).contains(&answer.after_s)));
    }

    #[test]
    fn most_texts_arrive_some_reports_overtake_each_other_and_a_few_fail() {
        let fates: Vec<_> = (0..2_000).map(|serial| receipts(1, serial)).collect();
        let failed = fates.iter().filter(|fate| fate.iter().any(|one| one.error == Some(30003)));
        let turned = fates.iter().filter(|fate| fate[0].status == "delivered");
        assert!((20..120).contains(&failed.count()));
        assert!((80..260).contains(&turned.count()));
        assert!(
            fates.iter().all(|fate| fate.windows(2).all(|two| two[0].after_s <= two[1].after_s))
        );
    }
}
