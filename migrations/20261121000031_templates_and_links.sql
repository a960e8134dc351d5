-- Lists of steps that become jobs; and which job waits for which other.
CREATE TABLE templates (
    id TEXT PRIMARY KEY,
    code TEXT NOT NULL,
    doc TEXT NOT NULL
);

CREATE TABLE job_links (
    job_id TEXT NOT NULL,
    needs_id TEXT NOT NULL,
    PRIMARY KEY (job_id, needs_id)
);
CREATE INDEX job_links_by_need ON job_links (needs_id);
