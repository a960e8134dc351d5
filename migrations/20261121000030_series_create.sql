-- Jobs that come again: the series, and which job was made for which of its days.
CREATE TABLE series (
    id TEXT PRIMARY KEY,
    customer_id TEXT NOT NULL,
    doc TEXT NOT NULL
);
CREATE INDEX series_by_customer ON series (customer_id);

CREATE TABLE occurrences (
    series_id TEXT NOT NULL,
    on_day TEXT NOT NULL,
    job_id TEXT NOT NULL,
    PRIMARY KEY (series_id, on_day)
);
