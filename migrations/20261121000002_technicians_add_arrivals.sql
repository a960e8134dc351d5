-- Visits whose door the technician's tracker reached, so that nobody arrives twice because an actor slept.
CREATE TABLE arrivals (
    visit_id TEXT PRIMARY KEY,
    at_us BIGINT NOT NULL
);
