-- Service levels: policies, and the clock of every job that one of them is for.
CREATE TABLE sla_policies (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    doc TEXT NOT NULL
);
CREATE TABLE sla_clocks (
    job_id TEXT PRIMARY KEY,
    over BIGINT NOT NULL,
    due_us BIGINT NOT NULL,
    doc TEXT NOT NULL
);
CREATE INDEX sla_clocks_open ON sla_clocks (over, due_us);
