//! What a problem of teams is made of, and what a plan for it says. No arithmetic here.

/// Every working day has this many units of time.
pub const DAY: u32 = 120;
/// What a unit of the latest end costs: of priorities 1, 2, 3, and of all interventions together.
pub const WEIGHTS: [u64; 4] = [28, 14, 4, 1];

/// Technicians who form teams anew each day, and the interventions that those teams carry out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Teams {
    pub domains: usize,
    /// Levels of every domain: 1 to this.
    pub levels: usize,
    /// What sub-contracting may cost in all.
    pub budget: u64,
    pub technicians: Vec<Technician>,
    pub interventions: Vec<Intervention>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Technician {
    pub id: u32,
    /// One level per domain; 0 is none.
    pub levels: Vec<u32>,
    /// Days without work, the first day being 1.
    pub days_off: Vec<u32>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Intervention {
    pub id: u32,
    /// Units of time; at most [`DAY`], else it can only be sub-contracted.
    pub duration: u32,
    /// Ids of the interventions that end before this one starts.
    pub predecessors: Vec<u32>,
    /// 1 (first) to 4.
    pub priority: u32,
    /// What sub-contracting it costs.
    pub cost: u64,
    /// Level by level, domain after domain: how many of the team hold at least that level.
    pub needs: Vec<u32>,
}

/// One intervention's place. What has no place is sub-contracted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Visit {
    pub intervention: u32,
    /// From 1.
    pub day: u32,
    /// Units after the day's begin.
    pub start: u32,
    /// Position in that day's teams, from 1; 0 is nobody.
    pub team: u32,
}

/// Who works with whom on one day.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TeamsOfDay {
    pub day: u32,
    /// Ids of technicians; the first team does not work.
    pub teams: Vec<Vec<u32>>,
}

/// Who does what, when and with whom.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Plan {
    pub visits: Vec<Visit>,
    pub days: Vec<TeamsOfDay>,
}
