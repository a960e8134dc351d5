-- Promises that people broke knowingly, with the reason and the name.
CREATE TABLE broken_promises (
    job_id TEXT NOT NULL,
    seq BIGINT NOT NULL,
    at_us BIGINT NOT NULL,
    doc TEXT NOT NULL,
    PRIMARY KEY (job_id, seq)
);

-- When a promised window begins, so that a day's promises are found.
ALTER TABLE promises ADD COLUMN start_us BIGINT NOT NULL DEFAULT 0;
CREATE INDEX promises_by_start ON promises (start_us);
