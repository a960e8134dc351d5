-- Days planned anew that wait for a person, one per day at most.
CREATE TABLE proposals (
    id TEXT PRIMARY KEY,
    day TEXT NOT NULL,
    doc TEXT NOT NULL
);
