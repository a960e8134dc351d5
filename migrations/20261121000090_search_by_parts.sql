-- A question is asked of a job's own words, of its customer's and of its place's: the narrow columns alone are read, in the order
-- of the answer.
CREATE INDEX job_search_parts ON job_search (job_id, own, customer_id, location_id);
