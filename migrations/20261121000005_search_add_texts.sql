-- What people search in, folded (no accents, no capitals), each word after a blank, fields set apart by a bar. Jobs
-- have a narrow table of their own, since a search reads all of it; its text is made from the job's own words and
-- those of its customer and location.
CREATE TABLE job_search (
    job_id TEXT PRIMARY KEY,
    customer_id TEXT NOT NULL,
    location_id TEXT NOT NULL,
    own TEXT NOT NULL,
    text TEXT NOT NULL
);
CREATE INDEX job_search_by_customer ON job_search (customer_id);
CREATE INDEX job_search_by_location ON job_search (location_id);

ALTER TABLE locations ADD COLUMN search TEXT NOT NULL DEFAULT '';
CREATE INDEX locations_by_external ON locations (external_id);
ALTER TABLE jobs DROP COLUMN search;

-- `epoch` says by which way of folding the texts of this store were made; a start with a newer one makes them anew.
INSERT INTO counters (name, epoch, n) VALUES ('search', 0, 0);
