//! A person at the screen, with one of two hands: the mouse, or the keyboard alone. A story of the screens is told once and
//! done with each; with the keyboard nothing is given the focus but by keys.

use fantoccini::actions::{
    InputSource, MOUSE_BUTTON_LEFT, MOUSE_BUTTON_RIGHT, MouseActions, PointerAction,
};
use fantoccini::{Client, Locator};
use serde_json::{Value, json};

use super::hands::{CONTROL, DOWN, ENTER, ESCAPE, RIGHT, SHIFT, bar, chord, click, press};
use super::{ask, drag_to, until};

pub(super) const THERE: &str = "return document.querySelector(arguments[0]) ? true : null;";
const GONE: &str = "return document.querySelector(arguments[0]) ? null : true;";
const FOCUSED: &str = "return document.activeElement?.matches(arguments[0]) ? true : null;";
const LEFT: char = '\u{e012}';
const UP: char = '\u{e013}';
const TAB: char = '\u{e004}';
const F10: char = '\u{e03a}';
/// No page has more stops than this between one thing and another.
const STOPS_MAX: usize = 160;

/// Which hand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum By {
    /// Points and clicks.
    Mouse,
    /// Tabs, arrows, letters.
    Keyboard,
}

/// A person at a browser.
pub(super) struct Hand {
    pub(super) browser: Client,
    pub(super) by: By,
}

/// Tells a story of the screens with each hand, in a scene of its own.
macro_rules! by_both_hands {
    ($($name:ident;)*) => {$(
        mod $name {
            use $crate::screens::hand::{By, Hand};
            use $crate::screens::{Chromedriver, board, hands::scene};

            async fn by(hand: By) {
                let name = format!("{}-{hand:?}", stringify!($name)).to_lowercase();
                let Some(driver) = Chromedriver::start(&name).await else { return };
                let Some(scene) = scene(&name).await else { return };
                let hand = Hand { browser: board(&driver, &scene.town).await, by: hand };
                super::$name(&hand, &scene).await;
                hand.browser.close().await.unwrap();
            }

            #[tokio::test(flavor = "multi_thread")]
            async fn by_mouse() {
                by(By::Mouse).await;
            }

            #[tokio::test(flavor = "multi_thread")]
            async fn by_keyboard() {
                by(By::Keyboard).await;
            }
        }
    )*};
}
pub(super) use by_both_hands;

impl Hand {
    /// Waits until it is there.
    pub(super) async fn sees(&self, css: &str) {
        until(&self.browser, THERE, vec![json!(css)]).await;
    }

    /// Waits until it is gone.
    pub(super) async fn misses(&self, css: &str) {
        until(&self.browser, GONE, vec![json!(css)]).await;
    }

    /// What a script answers, as soon as it is not null.
    pub(super) async fn reads(&self, script: &str, given: Vec<Value>) -> Value {
        until(&self.browser, script, given).await
    }

    /// Goes on with the tabulator until this has the focus.
    async fn tab_to(&self, css: &str) {
        for _ in 0..STOPS_MAX {
            if !ask(&self.browser, FOCUSED, vec![json!(css)]).await.is_null() {
                return;
            }
            press(&self.browser, &[TAB]).await;
        }
        panic!("{css} cannot be reached with the keyboard");
    }

    /// Gives something of the rows the focus: one stop for the tabulator, arrows from there; from the first name on, each
    /// row to its end.
    async fn walk_to(&self, css: &str) {
        self.tab_to("[data-job][tabindex='0']").await;
        press(&self.browser, &[LEFT; 6]).await;
        press(&self.browser, &[UP; 4]).await;
        for _ in 0..4 {
            for _ in 0..6 {
                if !ask(&self.browser, FOCUSED, vec![json!(css)]).await.is_null() {
                    return;
                }
                press(&self.browser, &[RIGHT]).await;
            }
            press(&self.browser, &[LEFT; 6]).await;
            press(&self.browser, &[DOWN]).await;
        }
        panic!("{css} cannot be reached with arrows");
    }

    /// Gives it the focus, by keys.
    pub(super) async fn to(&self, css: &str) {
        self.sees(css).await;
        let of_the_rows = "return !!document.querySelector(arguments[0])?.closest('[role=grid]');";
        if ask(&self.browser, of_the_rows, vec![json!(css)]).await == json!(true) {
            let is_stop = "return document.querySelector(arguments[0]).tabIndex === 0;";
            if ask(&self.browser, is_stop, vec![json!(css)]).await == json!(false) {
                return self.walk_to(css).await;
            }
        }
        self.tab_to(css).await;
    }

    /// Presses a button, a link, a job, a name.
    pub(super) async fn press(&self, css: &str) {
        self.sees(css).await;
        match self.by {
            By::Mouse => click(&self.browser, css).await,
            By::Keyboard => {
                self.to(css).await;
                press(&self.browser, &[ENTER]).await;
            }
        }
    }

    /// Keys, wherever the focus is.
    pub(super) async fn keys(&self, keys: &str) {
        press(&self.browser, &keys.chars().collect::<Vec<_>>()).await;
    }

    /// Writes into a field, over what stands there.
    pub(super) async fn writes(&self, css: &str, words: &str) {
        match self.by {
            By::Mouse => self.press(css).await,
            By::Keyboard => self.to(css).await,
        }
        chord(&self.browser, CONTROL, 'a').await;
        self.keys(words).await;
    }

    /// Chooses of a list: by its value, or by the first letters of what is shown.
    pub(super) async fn chooses(&self, css: &str, value: &str) {
        let there = "
            const field = document.querySelector(arguments[0]);
            return [...(field?.options ?? [])].find((one) => one.value === arguments[1])?.text ?? null;";
        let shown = self.reads(there, vec![json!(css), json!(value)]).await;
        match self.by {
            By::Mouse => {
                let field = self.browser.find(Locator::Css(css)).await.unwrap();
                field.select_by_value(value).await.unwrap();
            }
            By::Keyboard => {
                self.to(css).await;
                self.keys(shown.as_str().unwrap()).await;
            }
        }
    }

    /// Opens a tool of the board: from the menu of the top bar, or from the palette.
    pub(super) async fn tool(&self, id: &str) {
        match self.by {
            By::Mouse => {
                self.press("[data-action=more]").await;
                self.press(&format!("[role=menu] [data-item={id}]")).await;
            }
            By::Keyboard => {
                chord(&self.browser, CONTROL, 'k').await;
                let choice = format!("[data-palette] [data-choice=do-{id}]");
                self.sees(&choice).await;
                self.down_to(&format!("{choice}[aria-selected=true]"), THERE).await;
            }
        }
    }

    /// Goes down a list until `test` says of `css` that this is it, and takes it.
    async fn down_to(&self, css: &str, test: &str) {
        for _ in 0..STOPS_MAX {
            if !ask(&self.browser, test, vec![json!(css)]).await.is_null() {
                return press(&self.browser, &[ENTER]).await;
            }
            press(&self.browser, &[DOWN]).await;
        }
        panic!("{css} is not in the list");
    }

    /// Opens the menu of a job or a name and takes an entry.
    pub(super) async fn menu(&self, css: &str, item: &str) {
        let entry = format!("[role=menu] [data-item={item}]");
        match self.by {
            By::Mouse => {
                self.sees(css).await;
                let element = self.browser.find(Locator::Css(css)).await.unwrap();
                let right = MouseActions::new("mouse".to_owned())
                    .then(PointerAction::MoveToElement { element, duration: None, x: 0.0, y: 0.0 })
                    .then(PointerAction::Down { button: MOUSE_BUTTON_RIGHT })
                    .then(PointerAction::Up { button: MOUSE_BUTTON_RIGHT });
                self.browser.perform_actions(right).await.unwrap();
                self.press(&entry).await;
            }
            By::Keyboard => {
                self.to(css).await;
                chord(&self.browser, SHIFT, F10).await;
                self.sees(&entry).await;
                self.down_to(&entry, FOCUSED).await;
            }
        }
    }

    /// Moves a visit to the row of a technician below.
    pub(super) async fn carries_down(&self, job: &str, technician: &str) {
        match self.by {
            By::Mouse => drag_to(&self.browser, &bar(job), technician).await,
            By::Keyboard => {
                self.to(&bar(job)).await;
                press(&self.browser, &['m', DOWN, ENTER]).await;
            }
        }
    }

    /// Moves a visit later on its row, by quarters of an hour.
    pub(super) async fn carries_later(&self, job: &str, quarters: usize) {
        if self.by == By::Keyboard {
            self.to(&bar(job)).await;
            press(&self.browser, &['m']).await;
            // Each arrow is five minutes.
            press(&self.browser, &vec![RIGHT; 3 * quarters]).await;
            return press(&self.browser, &[ENTER]).await;
        }
        let hour = "return parseFloat(getComputedStyle(document.querySelector('.timeline')).getPropertyValue('--hour-width'));";
        let hour = ask(&self.browser, hour, vec![]).await.as_f64().unwrap();
        let element = self.browser.find(Locator::Css(&bar(job))).await.unwrap();
        let duration = Some(std::time::Duration::from_millis(60));
        let drag = MouseActions::new("mouse".to_owned())
            .then(PointerAction::MoveToElement { element, duration: None, x: 0.0, y: 0.0 })
            .then(PointerAction::Down { button: MOUSE_BUTTON_LEFT })
            .then(PointerAction::MoveBy { duration, x: 8.0, y: 0.0 })
            .then(PointerAction::MoveBy {
                duration,
                x: (hour * quarters as f64 / 4.0).round() - 8.0,
                y: 0.0,
            })
            .then(PointerAction::Up { button: MOUSE_BUTTON_LEFT });
        self.browser.perform_actions(drag).await.unwrap();
    }

    /// Leaves what is open.
    pub(super) async fn escape(&self) {
        press(&self.browser, &[ESCAPE]).await;
    }

    /// Goes to a page by its link in the top bar.
    pub(super) async fn page(&self, page: &str) {
        self.press(&format!(".pages a[href='#/{page}']")).await;
    }
}
