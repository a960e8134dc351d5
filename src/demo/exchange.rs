//! The pocket telephone company: takes the server's texts in Twilio's place and keeps them until the simulation picks them up.
//! It holds no clock and decides nothing about people; nothing it takes ever leaves the machine.

use std::collections::{BTreeMap, VecDeque};

use parking_lot::Mutex;

use super::dice::Dice;

/// A text that was taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Text {
    pub serial: u64,
    pub sid: String,
    pub to: String,
    pub from: String,
    pub body: String,
    pub callback: Option<String>,
}

/// Why a text was not taken, as Twilio would say it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// The recipient texted STOP.
    Stopped,
    /// More texts wait than are kept.
    Busy,
}

/// Texts that may wait for the simulation, and texts remembered for lists.
const WAITING_MAX: usize = 4_096;
const KEPT_MAX: usize = 2_000;

#[derive(Debug, Default)]
struct Books {
    serial: u64,
    waiting: Vec<Text>,
    kept: VecDeque<Text>,
    /// Who texted STOP, and whether the one confirmation has passed since.
    stopped: BTreeMap<String, bool>,
}

#[derive(Debug)]
pub struct Exchange {
    seed: u64,
    account: String,
    books: Mutex<Books>,
}

/// A vendor's id: two letters and 32 hexadecimal digits, from the seed and a name.
pub fn sid(prefix: &str, seed: u64, name: &str) -> String {
    let mut dice = Dice::named(seed, name);
    format!("{prefix}{:016x}{:016x}", dice.bits(), dice.bits())
}

impl Exchange {
    pub fn new(seed: u64) -> Self {
        Self { seed, account: sid("AC", seed, "account"), books: Mutex::new(Books::default()) }
    }

    /// The account id that the server must name.
    pub fn account(&self) -> &str {
        &self.account
    }

    /// Takes a text for delivery.
    ///
    /// # Errors
    /// The recipient wants none, or too many wait.
    pub fn take(
        &self,
        to: String,
        from: String,
        body: String,
        callback: Option<String>,
    ) -> Result<Text, Refusal> {
        let mut books = self.books.lock();
        match books.stopped.get_mut(&to) {
            Some(confirmed) if *confirmed => return Err(Refusal::Stopped),
            Some(confirmed) => *confirmed = true,
            None => {}
        }
        if books.waiting.len() >= WAITING_MAX {
            return Err(Refusal::Busy);
        }
        books.serial += 1;
        let serial = books.serial;
        let sid = sid("SM", self.seed, &format!("text {serial}"));
        let text = Text { serial, sid, to, from, body, callback };
        books.waiting.push(text.clone());
        if books.kept.len() >= KEPT_MAX {
            books.kept.pop_front();
        }
        books.kept.push_back(text.clone());
        Ok(text)
    }

    /// The texts taken since the last call.
    pub fn pick_up(&self) -> Vec<Text> {
        std::mem::take(&mut self.books.lock().waiting)
    }

    /// The texts still remembered, newest first.
    pub fn kept(&self, to: Option<&str>) -> Vec<Text> {
        let books = self.books.lock();
        books
            .kept
            .iter()
            .rev()
            .filter(|text| to.is_none_or(|to| text.to == to))
            .take(50)
            .cloned()
            .collect()
    }

    /// Remembers what carriers do by themselves: after STOP one text passes, the confirmation, and nothing more.
    pub fn overhear(&self, from: &str, body: &str) {
        let mut books = self.books.lock();
        match body.trim().to_uppercase().as_str() {
            "STOP" | "ARRET" => {
                books.stopped.insert(from.to_owned(), false);
            }
            "START" => {
                books.stopped.remove(from);
            }
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Exchange, Refusal};

    fn take(exchange: &Exchange, to: &str) -> Result<super::Text, Refusal> {
        exchange.take(to.to_owned(), "+14505550100".to_owned(), "Bonjour".to_owned(), None)
    }

    #[test]
    fn a_text_is_picked_up_once_and_still_listed() {
        let exchange = Exchange::new(1);
        let text = take(&exchange, "+15145550101").unwrap();
        assert_eq!(text.sid.len(), 34);
        assert_eq!(exchange.pick_up(), vec![text.clone()]);
        assert!(exchange.pick_up().is_empty());
        assert_eq!(exchange.kept(Some("+15145550101")), vec![text]);
        assert!(exchange.kept(Some("+15145550199")).is_empty());
    }

    #[test]
    fn after_stop_only_the_confirmation_is_carried_until_start() {
        let exchange = Exchange::new(1);
        exchange.overhear("+15145550101", " stop ");
        assert!(take(&exchange, "+15145550101").is_ok());
        assert_eq!(take(&exchange, "+15145550101"), Err(Refusal::Stopped));
        assert!(take(&exchange, "+15145550102").is_ok());
        exchange.overhear("+15145550101", "START");
        assert!(take(&exchange, "+15145550101").is_ok());
    }

    #[test]
    fn a_full_exchange_says_so() {
        let exchange = Exchange::new(1);
        for _ in 0..super::WAITING_MAX {
            assert!(take(&exchange, "+15145550101").is_ok());
        }
        assert_eq!(take(&exchange, "+15145550101"), Err(Refusal::Busy));
    }
}
