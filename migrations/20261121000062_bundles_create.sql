-- Jobs that are one stop, and which bundle each of them is of.
CREATE TABLE bundles (
    id TEXT PRIMARY KEY,
    doc TEXT NOT NULL
);
CREATE TABLE bundle_jobs (
    job_id TEXT PRIMARY KEY,
    bundle_id TEXT NOT NULL
);
CREATE INDEX bundle_jobs_by_bundle ON bundle_jobs (bundle_id);
