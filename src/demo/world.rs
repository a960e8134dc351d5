//! The invented company, generated from a seed: technicians, customers, and the jobs of any day.
//! Pure: the same seed gives the same people and the same work. It sends nothing and knows no server; `client.rs` puts it into words of HTTP.

use super::dice::Dice;
use super::names::{
    ACCESS_NOTES, BUSINESSES, FAMILY_NAMES_EN, FAMILY_NAMES_FR, FIRST_NAMES_EN, FIRST_NAMES_FR,
    VILLAGES,
};
use super::roads::{House, Roads};
use super::work::{Job, SKILLS};

/// Area codes of Québec; with each, the hundred numbers 555-01xx that belong to nobody.
const AREA_CODES: [u32; 8] = [450, 514, 579, 438, 819, 873, 418, 581];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Language {
    French,
    English,
}

impl Language {
    pub fn code(self) -> &'static str {
        match self {
            Self::French => "fr",
            Self::English => "en",
        }
    }
}

#[derive(Debug, Clone)]
pub struct Technician {
    pub name: String,
    pub phone: String,
    pub email: String,
    pub language: Language,
    pub home: House,
    /// Index into [`SKILLS`] and level 1..=5.
    pub skills: Vec<(usize, u8)>,
    /// Monday first; minutes after midnight, `None` on a day off.
    pub week: [Option<(i64, i64)>; 7],
    pub tracker: String,
    /// How long this one takes, against the plan (1.0 = as planned).
    pub pace: f64,
}

#[derive(Debug, Clone)]
pub struct Customer {
    pub name: String,
    /// A few have none: nobody can text them.
    pub phone: Option<String>,
    pub email: Option<String>,
    pub language: Language,
    pub house: House,
    pub notes: Option<&'static str>,
    /// Whether this one ever answers a text.
    pub answers: bool,
}

#[derive(Debug)]
pub struct World {
    seed: u64,
    pub roads: Roads,
    pub technicians: Vec<Technician>,
    pub customers: Vec<Customer>,
}

/// The number that the company's texts come from.
pub const COMPANY_PHONE: &str = "+14505550100";

/// The `number`th telephone number: reserved ones first, then others of exchange 555; all different.
fn phone(number: usize) -> String {
    let codes = AREA_CODES.len();
    let code = AREA_CODES[number % codes];
    // The very first number is the company's own.
    let line = 101 + number / codes;
    // Lines from 0200 on stay in the unassigned exchange: the demonstration sends nothing to any of them.
    format!("+1{code}555{line:04}")
}

fn plain(name: &str) -> String {
    name.to_lowercase()
        .chars()
        .filter_map(|letter| match letter {
            'é' | 'è' | 'ê' | 'ë' => Some('e'),
            'à' | 'â' => Some('a'),
            'ô' => Some('o'),
            'î' | 'ï' => Some('i'),
            'û' | 'ü' | 'ù' => Some('u'),
            'ç' => Some('c'),
            ' ' => Some('.'),
            '\'' => None,
            other => Some(other),
        })
        .collect()
}

fn first_name(name: &str) -> &str {
    name.split(' ').next().unwrap_or(name)
}

fn person(language: Language, dice: &mut Dice) -> String {
    match language {
        Language::French => {
            format!("{} {}", dice.word(&FIRST_NAMES_FR), dice.word(&FAMILY_NAMES_FR))
        }
        Language::English => {
            format!("{} {}", dice.word(&FIRST_NAMES_EN), dice.word(&FAMILY_NAMES_EN))
        }
    }
}

impl World {
    /// A company of so many technicians, with enough customers for so many jobs a day and the urgent ones.
    pub fn new(seed: u64, technicians: usize, jobs: usize) -> Self {
        let roads = Roads::new(seed);
        let (mut dice, mut names) = (Dice::named(seed, "technicians"), Dice::named(seed, "names"));
        let mut crew = Vec::with_capacity(technicians);
        let mut taken = std::collections::BTreeSet::new();
        for index in 0..technicians {
            crew.push(technician(index, &roads, (&mut taken, &mut names), &mut dice));
        }
        let mut dice = Dice::named(seed, "customers");
        let customers = (0..jobs + jobs / 8 + 24)
            .map(|index| customer(technicians + index, &roads, &mut dice))
            .collect();
        Self { seed, roads, technicians: crew, customers }
    }

    /// The jobs known in the morning of day `day` (0 = the first); no customer has two.
    pub fn jobs(&self, day: u64, count: usize) -> Vec<Job> {
        let mut dice = Dice::named(self.seed ^ day.wrapping_mul(0x51_7c_c1), "jobs");
        self.draw_customers(day)
            .take(count)
            .map(|customer| Job::thrown(customer, false, &mut dice))
            .collect()
    }

    /// The urgent jobs of day `day`, in the order in which people call.
    pub fn urgent_jobs(&self, day: u64, after: usize, count: usize) -> Vec<Job> {
        let mut dice = Dice::named(self.seed ^ day.wrapping_mul(0x51_7c_c1), "urgent jobs");
        self.draw_customers(day)
            .skip(after)
            .take(count)
            .map(|customer| Job::thrown(customer, true, &mut dice))
            .collect()
    }

    fn draw_customers(&self, day: u64) -> impl Iterator<Item = usize> {
        let mut order: Vec<usize> = (0..self.customers.len()).collect();
        Dice::named(self.seed ^ day, "who calls").shuffle(&mut order);
        order.into_iter()
    }
}

fn technician(
    index: usize,
    roads: &Roads,
    (taken, names): (&mut std::collections::BTreeSet<String>, &mut Dice),
    dice: &mut Dice,
) -> Technician {
    let language = if dice.chance(0.82) { Language::French } else { Language::English };
    // On the board and on the map people are known by their first names: no two alike while there are enough.
    let mut name = person(language, names);
    for _ in 0..200 {
        if taken.insert(first_name(&name).to_owned()) {
            break;
        }
        name = person(language, names);
    }
    let villages: Vec<f64> = VILLAGES.iter().map(|village| village.3).collect();
    let home = roads.house(dice.weighted(&villages), 7_000.0, dice);
    let first = dice.weighted(&[3.4, 1.6, 0.8, 2.2, 1.0]);
    let mut skills = vec![(first, dice.whole(3, 5) as u8)];
    for other in 0..SKILLS.len() {
        if other != first && dice.chance(0.6) {
            skills.push((other, dice.whole(1, 4) as u8));
        }
    }
    let (start, end) =
        *dice.pick(&[(480, 990), (480, 990), (450, 960), (510, 1_020), (540, 1_050)]);
    let mut week = [Some((start, end)); 7];
    week[5] = dice.chance(0.12).then_some((540, 780));
    week[6] = None;
    if dice.chance(0.14) {
        week[dice.index(5)] = None;
    }
    Technician {
        email: format!("{}@demo.invalid", plain(&name)),
        name,
        phone: phone(index),
        language,
        home,
        skills,
        week,
        tracker: format!("tracker-{:03}", index + 1),
        pace: (1.0 + 0.10 * dice.bell()).clamp(0.78, 1.3),
    }
}

fn customer(number: usize, roads: &Roads, dice: &mut Dice) -> Customer {
    let language = if dice.chance(0.78) { Language::French } else { Language::English };
    let name = if dice.chance(0.10) {
        dice.word(&BUSINESSES).replace("{}", dice.word(&FAMILY_NAMES_FR))
    } else {
        person(language, dice)
    };
    let villages: Vec<f64> = VILLAGES.iter().map(|village| village.3).collect();
    let house = roads.house(dice.weighted(&villages), 6_500.0, dice);
    Customer {
        phone: (!dice.chance(0.03)).then(|| phone(number)),
        email: dice.chance(0.6).then(|| format!("{}.{number}@demo.invalid", plain(&name))),
        name,
        language,
        house,
        notes: dice.chance(0.22).then(|| dice.word(&ACCESS_NOTES)),
        answers: dice.chance(0.8),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::World;

    #[test]
    fn the_same_seed_makes_the_same_company_and_another_seed_another() {
        let (a, b, c) = (World::new(5, 46, 280), World::new(5, 46, 280), World::new(6, 46, 280));
        assert_eq!(format!("{:?}", a.technicians), format!("{:?}", b.technicians));
        assert_eq!(format!("{:?}", a.customers), format!("{:?}", b.customers));
        assert_eq!(format!("{:?}", a.jobs(1, 280)), format!("{:?}", b.jobs(1, 280)));
        assert_ne!(format!("{:?}", a.technicians), format!("{:?}", c.technicians));
        assert_ne!(format!("{:?}", a.jobs(0, 280)), format!("{:?}", a.jobs(1, 280)));
    }

    #[test]
    fn every_number_is_reserved_for_fiction_and_belongs_to_one_person() {
        let world = World::new(1, 46, 280);
        let crew = world.technicians.iter().map(|technician| technician.phone.as_str());
        let phones: Vec<&str> =
            crew.chain(world.customers.iter().filter_map(|one| one.phone.as_deref())).collect();
        let different: BTreeSet<&str> = phones.iter().copied().collect();
        assert_eq!(different.len(), phones.len());
        for phone in phones {
            assert_eq!(phone.len(), 12);
            assert_eq!(&phone[5..9], "5550", "{phone}");
            assert!(phone.as_bytes()[9] == b'1', "{phone}");
        }
    }

    #[test]
    fn the_day_holds_about_as_much_work_as_the_crew_can_carry() {
        let world = World::new(1, 46, 280);
        let jobs = world.jobs(0, 280);
        let work: i64 = jobs.iter().map(|job| job.duration_min).sum();
        let paid: i64 =
            world.technicians.iter().filter_map(|one| one.week[1]).map(|(a, b)| b - a).sum();
        let share = (work + 14 * 280) as f64 / paid as f64;
        assert!((0.7..1.1).contains(&share), "share of the day {share}");
        for job in &jobs {
            assert!((30..=150).contains(&job.duration_min) && !job.skills.is_empty());
            assert!(job.window.is_none_or(|(start, end)| (60..=120).contains(&(end - start))));
        }
        let held = jobs.iter().filter(|job| job.held).count();
        assert!((2..=20).contains(&held), "{held} held");
    }

    #[test]
    fn homes_and_customers_lie_in_the_country_south_of_the_river_and_north_of_the_border() {
        let world = World::new(11, 46, 280);
        let houses = world.technicians.iter().map(|one| &one.home);
        for house in houses.chain(world.customers.iter().map(|one| &one.house)) {
            assert!((45.005..45.34).contains(&house.point.lat), "{house:?}");
            assert!((-74.25..-73.25).contains(&house.point.lon), "{house:?}");
            assert_eq!(house.address.split(", ").count(), 3, "{}", house.address);
        }
    }
}
