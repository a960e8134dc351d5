-- Jobs that are offered to technicians, and what they were told of it.
CREATE TABLE offers (
    id TEXT PRIMARY KEY,
    job_id TEXT NOT NULL,
    state TEXT NOT NULL,
    made_us BIGINT NOT NULL,
    over_us BIGINT,
    doc TEXT NOT NULL
);
CREATE INDEX offers_by_state ON offers (state, made_us);
CREATE INDEX offers_by_job ON offers (job_id, made_us);

ALTER TABLE tellings ADD COLUMN offer_id TEXT;
