-- An address file, for finding a place while somebody types. Streets are few and have words; addresses are many and
-- have numbers. `code` is a word's first twelve letters as one number, so that a beginning of a word is a range of it
-- on every engine.
CREATE TABLE address_streets (
    id BIGINT PRIMARY KEY,
    street TEXT NOT NULL,
    municipality TEXT NOT NULL,
    region TEXT NOT NULL,
    search TEXT NOT NULL
);
CREATE TABLE address_words (
    code BIGINT NOT NULL,
    street_id BIGINT NOT NULL,
    PRIMARY KEY (code, street_id)
);
CREATE TABLE addresses (
    id BIGINT PRIMARY KEY,
    street_id BIGINT NOT NULL,
    number BIGINT NOT NULL,
    spelt TEXT NOT NULL,
    unit TEXT NOT NULL,
    postcode TEXT NOT NULL,
    lat DOUBLE PRECISION NOT NULL,
    lon DOUBLE PRECISION NOT NULL
);
CREATE INDEX addresses_by_number ON addresses (street_id, number);
INSERT INTO counters (name, epoch, n) VALUES ('addresses', 0, 0);
