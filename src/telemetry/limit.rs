//! The cap on the log's volume: each call site has a bucket of records that refills with time. What did not fit is
//! counted and reported once, so that a flood shows as one line. It owns no clock: the caller passes milliseconds.

use std::collections::HashMap;
use std::hash::Hash;

/// Records that one call site may write at once.
pub(super) const BURST: u32 = 100;
/// Milliseconds after which a call site may write one more.
pub(super) const REFILL_MS: u64 = 50;
/// How often suppressed records are reported, at most.
const REPORT_MS: u64 = 1_000;

struct Bucket {
    left: u32,
    refilled_ms: u64,
    suppressed: u64,
}

/// One bucket for each call site that ever logged; their number is bounded by the program's text.
pub(super) struct Limit<K> {
    buckets: HashMap<K, Bucket>,
    reported_ms: u64,
}

impl<K: Eq + Hash + Clone> Limit<K> {
    pub(super) fn new() -> Self {
        Self { buckets: HashMap::new(), reported_ms: 0 }
    }

    /// Whether this call site may write a record now.
    pub(super) fn admits(&mut self, site: &K, now_ms: u64) -> bool {
        let bucket = self.buckets.entry(site.clone()).or_insert(Bucket {
            left: BURST,
            refilled_ms: now_ms,
            suppressed: 0,
        });
        let earned = now_ms.saturating_sub(bucket.refilled_ms) / REFILL_MS;
        if earned > 0 {
            let earned = u32::try_from(earned).unwrap_or(BURST);
            bucket.left = bucket.left.saturating_add(earned).min(BURST);
            bucket.refilled_ms = now_ms;
        }
        if bucket.left == 0 {
            bucket.suppressed += 1;
            return false;
        }
        bucket.left -= 1;
        true
    }

    /// The call sites with suppressed records and how many, at most once a second; the counts start anew.
    pub(super) fn report(&mut self, now_ms: u64) -> Vec<(K, u64)> {
        if now_ms.saturating_sub(self.reported_ms) < REPORT_MS {
            return Vec::new();
        }
        self.reported_ms = now_ms;
        self.buckets
            .iter_mut()
            .filter(|(_, bucket)| bucket.suppressed > 0)
            .map(|(site, bucket)| (site.clone(), std::mem::take(&mut bucket.suppressed)))
            .collect()
    }
}
