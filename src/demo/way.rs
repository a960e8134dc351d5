//! A way driven once: where the car is, how fast and which way it heads, at each second after leaving.
//! Speeds come from the road's limit, the sharpness of each turn and a car's ordinary acceleration. Knows nothing of who drives.

use super::roads::{Flat, Point};

/// Ordinary acceleration and braking, m/s².
const ACCELERATION: f64 = 1.5;
/// Long pieces are cut so that speeding up and slowing down show.
const STEP_M: f64 = 45.0;
/// Nobody crawls slower than this while under way.
const CRAWL_MS: f64 = 1.2;

/// Where a car is at one moment.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Spot {
    pub point: Point,
    pub heading_deg: f64,
    pub speed_ms: f64,
}

#[derive(Debug, Clone, Copy)]
struct Milestone {
    at: Flat,
    speed_ms: f64,
    seconds: f64,
}

#[derive(Debug, Clone)]
pub struct Way {
    miles: Vec<Milestone>,
    metres: f64,
}

impl Way {
    /// A way through points, each with the highest speed (m/s) of the piece that leads to it.
    pub fn new(line: &[(Flat, f64)]) -> Self {
        let mut cut: Vec<(Flat, f64)> = Vec::with_capacity(line.len() * 4);
        for (at, limit) in line {
            let Some((before, _)) = cut.last().copied() else {
                cut.push((*at, *limit));
                continue;
            };
            let length_m = before.metres_to(*at);
            if length_m < 0.5 {
                continue;
            }
            let pieces = (length_m / STEP_M).ceil().max(1.0);
            for piece in 1..=(pieces as usize) {
                cut.push((before.towards(*at, piece as f64 / pieces), *limit));
            }
        }
        let mut speeds = top_speeds(&cut);
        brake(&cut, &mut speeds);
        let (mut miles, mut metres, mut seconds) = (Vec::with_capacity(cut.len()), 0.0, 0.0);
        for (index, (at, _)) in cut.iter().enumerate() {
            if index > 0 {
                let length_m = cut[index - 1].0.metres_to(*at);
                metres += length_m;
                seconds += 2.0 * length_m / (speeds[index - 1] + speeds[index]).max(CRAWL_MS);
            }
            miles.push(Milestone { at: *at, speed_ms: speeds[index], seconds });
        }
        Self { miles, metres }
    }

    pub fn metres(&self) -> f64 {
        self.metres
    }

    /// Whole seconds from leaving to standing at the door.
    pub fn seconds(&self) -> i64 {
        self.miles.last().map_or(0, |mile| mile.seconds.ceil() as i64)
    }

    /// Where the car is `seconds` after leaving; before it stands at the start, after it at the end.
    pub fn at(&self, seconds: f64) -> Spot {
        let next = self.miles.partition_point(|mile| mile.seconds <= seconds);
        let Some(before) = self.miles.get(next.saturating_sub(1)) else {
            return Spot {
                point: Flat { x: 0.0, y: 0.0 }.point(),
                heading_deg: 0.0,
                speed_ms: 0.0,
            };
        };
        let Some(after) = self.miles.get(next).filter(|_| next > 0) else {
            let from = self.miles[self.miles.len().saturating_sub(2)].at;
            return Spot {
                point: before.at.point(),
                heading_deg: heading(from, before.at),
                speed_ms: 0.0,
            };
        };
        let length_m = before.at.metres_to(after.at).max(0.01);
        let passed_s = seconds - before.seconds;
        let gain = (after.speed_ms - before.speed_ms) / (after.seconds - before.seconds).max(0.01);
        let driven_m = before.speed_ms * passed_s + 0.5 * gain * passed_s * passed_s;
        Spot {
            point: before.at.towards(after.at, (driven_m / length_m).clamp(0.0, 1.0)).point(),
            heading_deg: heading(before.at, after.at),
            speed_ms: (before.speed_ms + gain * passed_s).max(0.0),
        }
    }
}

/// Degrees clockwise from north.
fn heading(from: Flat, to: Flat) -> f64 {
    (to.x - from.x).atan2(to.y - from.y).to_degrees().rem_euclid(360.0)
}

/// What each point allows by limit and turn; standing at both ends.
fn top_speeds(line: &[(Flat, f64)]) -> Vec<f64> {
    let last = line.len().saturating_sub(1);
    (0..line.len())
        .map(|index| {
            if index == 0 || index == last {
                return 0.0;
            }
            let limit = line[index].1.min(line[index + 1].1);
            let before = heading(line[index - 1].0, line[index].0);
            let after = heading(line[index].0, line[index + 1].0);
            let turn = ((after - before + 540.0).rem_euclid(360.0) - 180.0).abs();
            // Bends cost little, a corner is taken at a walk.
            let share = ((turn - 12.0) / 68.0).clamp(0.0, 1.0);
            (limit + (4.0 - limit) * share).max(CRAWL_MS)
        })
        .collect()
}

/// v² = u² + 2·a·s, forwards for pulling away and backwards for braking.
fn brake(line: &[(Flat, f64)], speeds: &mut [f64]) {
    let reach = |speed: f64, metres: f64| (speed * speed + 2.0 * ACCELERATION * metres).sqrt();
    for index in 1..speeds.len() {
        let metres = line[index - 1].0.metres_to(line[index].0);
        speeds[index] = speeds[index].min(reach(speeds[index - 1], metres));
    }
    for index in (1..speeds.len()).rev() {
        let metres = line[index - 1].0.metres_to(line[index].0);
        speeds[index - 1] = speeds[index - 1].min(reach(speeds[index], metres));
    }
}

#[cfg(test)]
mod tests {
    use super::super::dice::Dice;
    use super::super::names::VILLAGES;
    use super::super::roads::Roads;

    #[test]
    fn a_way_is_winding_but_no_odyssey_and_takes_a_plausible_time() {
        let roads = Roads::new(1);
        let mut dice = Dice::new(9);
        let (mut driven_m, mut flown_m, mut seconds) = (0.0, 0.0, 0.0);
        for turn in 0..200 {
            let from = roads.house(turn % VILLAGES.len(), 7_000.0, &mut dice).point;
            let to = roads.house((turn * 5 + 3) % VILLAGES.len(), 7_000.0, &mut dice).point;
            let way = roads.way(from, to);
            let crow_m = from.metres_to(to);
            assert!(way.metres() >= crow_m * 0.999, "{} m driven, {crow_m} m flown", way.metres());
            driven_m += way.metres();
            flown_m += crow_m;
            seconds += way.seconds() as f64;
        }
        let (detour, kmh) = (driven_m / flown_m, driven_m / seconds * 3.6);
        assert!((1.1..1.6).contains(&detour), "detour {detour}");
        assert!((45.0..80.0).contains(&kmh), "{kmh} km/h");
    }

    #[test]
    fn a_car_moves_without_jumps_and_stops_at_the_door() {
        let roads = Roads::new(2);
        let mut dice = Dice::new(4);
        for _ in 0..40 {
            let village = dice.index(VILLAGES.len());
            let from = roads.house(dice.index(VILLAGES.len()), 7_000.0, &mut dice).point;
            let to = roads.house(village, 7_000.0, &mut dice).point;
            let way = roads.way(from, to);
            let mut before = way.at(0.0);
            for second in 1..=way.seconds() {
                let spot = way.at(second as f64);
                let moved_m = spot.point.metres_to(before.point);
                assert!(moved_m <= 28.5, "{moved_m} m in one second");
                assert!(spot.speed_ms <= 28.0 && (0.0..360.0).contains(&spot.heading_deg));
                before = spot;
            }
            assert!(way.at(way.seconds() as f64 + 60.0).point.metres_to(to) < 1.0);
            assert!(way.at(0.0).point.metres_to(from) < 1.0 && way.at(1e6).speed_ms == 0.0);
        }
    }

    #[test]
    fn every_house_can_be_reached_even_one_far_off_the_network() {
        let roads = Roads::new(3);
        let far = super::Point { lat: 45.5, lon: -73.57 };
        let way = roads.way(super::Point { lat: 45.05, lon: -73.58 }, far);
        assert!(way.metres() > 48_000.0 && way.at(1e9).point.metres_to(far) < 1.0);
    }
}
