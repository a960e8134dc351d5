-- What somebody tries out and nobody else sees: a forked day, an absence that is thought of. It moves nothing; it is kept so that
-- a restart does not lose what was acknowledged, until `until_us`.
CREATE TABLE trials (
    id TEXT PRIMARY KEY,
    kind TEXT NOT NULL,
    owner TEXT NOT NULL,
    kept_us BIGINT NOT NULL,
    until_us BIGINT NOT NULL,
    doc TEXT NOT NULL
);
CREATE INDEX trials_by_kind ON trials (kind, kept_us);
