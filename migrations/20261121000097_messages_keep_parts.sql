-- Which text carries what was told, where several became one: a part that was taken back is gone, the rest may still leave.
CREATE TABLE message_parts (
    telling_id TEXT PRIMARY KEY,
    message_id TEXT NOT NULL,
    gone BIGINT NOT NULL
);
