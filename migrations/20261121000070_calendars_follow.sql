-- Outside calendars that technicians follow: their addresses, which are secrets and stand nowhere else.
CREATE TABLE calendar_feeds (
    id TEXT PRIMARY KEY,
    technician_id TEXT NOT NULL,
    address TEXT NOT NULL
);
