-- What a person did in one commit, so that it can be taken back: from which position to which, what it takes back or does
-- again itself, and a name from outside (a plan's id).
CREATE TABLE acts (
    first_seq BIGINT PRIMARY KEY,
    last_seq BIGINT NOT NULL,
    by_whom TEXT NOT NULL,
    at_us BIGINT NOT NULL,
    undoes BIGINT,
    redoes BIGINT,
    label TEXT
);
CREATE INDEX acts_by_whom ON acts (by_whom, first_seq);
CREATE INDEX acts_by_undone ON acts (undoes);
CREATE INDEX acts_by_label ON acts (label);

-- What an act touched, and the version that each thing had before it.
CREATE TABLE act_things (
    first_seq BIGINT NOT NULL,
    entity TEXT NOT NULL,
    before_version BIGINT NOT NULL,
    PRIMARY KEY (first_seq, entity)
);

-- Acts that are taken back and were not done again, with the first position of what took them back.
CREATE TABLE undone (
    first_seq BIGINT PRIMARY KEY,
    undone_by BIGINT NOT NULL
);

-- What followed from an event.
CREATE INDEX journal_by_cause ON journal (cause_seq);
