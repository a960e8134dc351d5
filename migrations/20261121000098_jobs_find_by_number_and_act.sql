-- A job is found by its number as people say it: the whole of it in any case, or its last four letters and digits, which leave few
-- to compare.
CREATE INDEX jobs_by_end ON jobs (SUBSTR(id, LENGTH(id) - 3));
CREATE INDEX jobs_by_external_folded ON jobs (LOWER(external_id));
CREATE INDEX jobs_by_external_end ON jobs (LOWER(SUBSTR(external_id, LENGTH(external_id) - 3)));

-- The acts that touched one thing, without reading those of all others.
CREATE INDEX act_things_by_entity ON act_things (entity, first_seq);
