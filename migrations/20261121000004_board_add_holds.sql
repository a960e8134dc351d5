-- Slots that are kept for somebody for a while.
CREATE TABLE holds (
    id TEXT PRIMARY KEY,
    until_us BIGINT NOT NULL,
    doc TEXT NOT NULL
);
