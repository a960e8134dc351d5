-- Whose and what's time a visit takes beside its lead's: assistants and materials. Rows of those that left it stay, for
-- calendars: `gone` is 1.
CREATE TABLE visit_claims (
    visit_id TEXT NOT NULL,
    holder TEXT NOT NULL,
    start_us BIGINT NOT NULL,
    end_us BIGINT NOT NULL,
    open BIGINT NOT NULL,
    gone BIGINT NOT NULL,
    sequence BIGINT NOT NULL,
    changed_us BIGINT NOT NULL,
    PRIMARY KEY (visit_id, holder)
);
CREATE INDEX visit_claims_by_holder ON visit_claims (holder, open);
