//! The kinds of work of the invented company, and one job thrown from dice. Pure data and arithmetic: no people, no places.

use super::dice::Dice;

/// What the company's jobs can ask for; the names are the server's tags, with the colours it is given.
pub const SKILLS: [(&str, &str); 5] = [
    ("Fibre", "#2f6fde"),
    ("Cuivre", "#b4690e"),
    ("TV", "#8a4fd0"),
    ("Réseau", "#0f8a6d"),
    ("Antenne", "#c2415c"),
];
const FIBRE: usize = 0;
const COPPER: usize = 1;
const TV: usize = 2;
const NETWORK: usize = 3;
const ANTENNA: usize = 4;

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Priority {
    Low,
    Normal,
    High,
    Urgent,
}

impl Priority {
    pub fn word(self) -> &'static str {
        match self {
            Self::Low => "low",
            Self::Normal => "normal",
            Self::High => "high",
            Self::Urgent => "urgent",
        }
    }
}

#[derive(Debug, Clone)]
pub struct Job {
    pub customer: usize,
    pub title: &'static str,
    pub kind: &'static str,
    pub duration_min: i64,
    pub priority: Priority,
    pub skills: Vec<(usize, u8)>,
    /// Minutes after midnight.
    pub window: Option<(i64, i64)>,
    /// Left in the pool for the person at the screen to place.
    pub held: bool,
}

struct Kind {
    kind: &'static str,
    titles: &'static [&'static str],
    minutes: (i64, i64),
    skills: &'static [(usize, u8, u8)],
    weight: f64,
}

const KINDS: [Kind; 7] = [
    Kind {
        kind: "installation",
        titles: &["Installation fibre", "Installation fibre et TV", "Nouveau branchement fibre"],
        minutes: (60, 100),
        skills: &[(FIBRE, 2, 3), (TV, 1, 1)],
        weight: 2.2,
    },
    Kind {
        kind: "repair",
        titles: &[
            "Internet coupé",
            "Connexion instable",
            "Plus de signal fibre",
            "Débit très lent",
        ],
        minutes: (30, 65),
        skills: &[(FIBRE, 1, 3)],
        weight: 3.4,
    },
    Kind {
        kind: "repair",
        titles: &["Ligne muette", "Friture sur la ligne", "Réparation cuivre"],
        minutes: (30, 60),
        skills: &[(COPPER, 1, 3)],
        weight: 1.6,
    },
    Kind {
        kind: "modem_swap",
        titles: &["Échange de modem", "Remplacement du routeur", "Wi-Fi faible à l'étage"],
        minutes: (30, 40),
        skills: &[(NETWORK, 1, 2)],
        weight: 3.0,
    },
    Kind {
        kind: "drop_cable",
        titles: &["Câble de branchement à remplacer", "Câble arraché par le vent"],
        minutes: (45, 80),
        skills: &[(FIBRE, 3, 4)],
        weight: 1.1,
    },
    Kind {
        kind: "business_line",
        titles: &[
            "Ligne d'affaires",
            "Commutateur du commerce",
            "Téléphonie IP à mettre en service",
        ],
        minutes: (60, 150),
        skills: &[(NETWORK, 3, 4)],
        weight: 0.8,
    },
    Kind {
        kind: "antenna",
        titles: &["Antenne à réorienter", "Décodeur TV figé", "Antenne givrée"],
        minutes: (30, 60),
        skills: &[(ANTENNA, 1, 3), (TV, 1, 2)],
        weight: 1.2,
    },
];

/// Promised windows in minutes after midnight, with how often each is given.
const WINDOWS: [((i64, i64), f64); 9] = [
    ((480, 600), 2.0),
    ((540, 600), 1.0),
    ((600, 720), 2.2),
    ((630, 690), 0.8),
    ((720, 840), 1.2),
    ((780, 900), 2.0),
    ((840, 900), 0.9),
    ((840, 960), 1.4),
    ((900, 1_000), 1.0),
];

impl Job {
    /// A job for `customer`, thrown from `dice`; an urgent one is a repair without a promised window.
    pub fn thrown(customer: usize, urgent: bool, dice: &mut Dice) -> Self {
        let weights: Vec<f64> = KINDS
            .iter()
            .map(|kind| if urgent && kind.kind != "repair" { 0.0 } else { kind.weight })
            .collect();
        let kind = &KINDS[dice.weighted(&weights)];
        let mut skills = Vec::new();
        for (place, (skill, low, high)) in kind.skills.iter().enumerate() {
            if place == 0 || dice.chance(0.35) {
                skills.push((*skill, dice.whole(i64::from(*low), i64::from(*high)) as u8));
            }
        }
        let minutes = dice.whole(kind.minutes.0 / 5, kind.minutes.1 / 5) * 5;
        let priority = match dice.unit() {
            _ if urgent => Priority::Urgent,
            roll if roll < 0.10 => Priority::Low,
            roll if roll < 0.86 => Priority::Normal,
            _ => Priority::High,
        };
        let windows: Vec<f64> = WINDOWS.iter().map(|(_, weight)| *weight).collect();
        let window = WINDOWS[dice.weighted(&windows)].0;
        let windowless = dice.chance(0.24);
        let held = !urgent && dice.chance(0.03);
        Self {
            customer,
            title: dice.word(kind.titles),
            kind: kind.kind,
            duration_min: minutes,
            priority,
            skills,
            // Held jobs carry no promise yet: whoever drags them may choose any time.
            window: (!urgent && !windowless && !held).then_some(window),
            held,
        }
    }
}
