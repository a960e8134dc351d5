-- The journal and what every commit may touch, then one block per room. Portable types only: BIGINT (numbers,
-- flags, UTC microseconds), TEXT (JSON included), DOUBLE PRECISION. Rows are projections of the journal's events.

CREATE TABLE counters (
    name TEXT PRIMARY KEY,
    epoch BIGINT NOT NULL,
    n BIGINT NOT NULL
);
INSERT INTO counters (name, epoch, n) VALUES ('journal', 1, 0), ('relay', 1, 0);

CREATE TABLE journal (
    seq BIGINT PRIMARY KEY,
    at_us BIGINT NOT NULL,
    room TEXT NOT NULL,
    room_key TEXT NOT NULL,
    by_whom TEXT NOT NULL,
    cause_seq BIGINT,
    cause_reaction TEXT,
    body TEXT NOT NULL
);
CREATE INDEX journal_by_room ON journal (room, room_key, seq);

CREATE TABLE heads (
    entity TEXT PRIMARY KEY,
    version BIGINT NOT NULL
);

CREATE TABLE reacted (
    mark TEXT PRIMARY KEY,
    seq BIGINT NOT NULL
);
CREATE INDEX reacted_by_seq ON reacted (seq);

CREATE TABLE inbox (
    mark TEXT PRIMARY KEY,
    sha256 TEXT NOT NULL,
    at_us BIGINT NOT NULL,
    status BIGINT,
    body TEXT
);
CREATE INDEX inbox_by_time ON inbox (at_us);

CREATE TABLE errands (
    id TEXT PRIMARY KEY,
    kind TEXT NOT NULL,
    destination TEXT NOT NULL,
    body TEXT NOT NULL,
    state TEXT NOT NULL,
    attempts BIGINT NOT NULL,
    asked_seq BIGINT NOT NULL,
    due_us BIGINT NOT NULL,
    expires_us BIGINT,
    lease_until_us BIGINT,
    first_tried_us BIGINT
);
CREATE INDEX errands_by_state ON errands (state, due_us);

CREATE TABLE alarms (
    room TEXT NOT NULL,
    room_key TEXT NOT NULL,
    name TEXT NOT NULL,
    due_us BIGINT NOT NULL,
    PRIMARY KEY (room, room_key, name)
);
CREATE INDEX alarms_by_due ON alarms (due_us);

CREATE TABLE tags (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    doc TEXT NOT NULL
);

CREATE TABLE technicians (
    id TEXT PRIMARY KEY,
    external_id TEXT,
    name TEXT NOT NULL,
    phone TEXT NOT NULL,
    gps_device_id TEXT,
    doc TEXT NOT NULL
);
CREATE INDEX technicians_by_phone ON technicians (phone);
CREATE INDEX technicians_by_external ON technicians (external_id);
CREATE UNIQUE INDEX technicians_by_tracker ON technicians (gps_device_id) WHERE gps_device_id IS NOT NULL;

CREATE TABLE positions (
    technician_id TEXT PRIMARY KEY,
    at_us BIGINT NOT NULL,
    lat DOUBLE PRECISION NOT NULL,
    lon DOUBLE PRECISION NOT NULL,
    accuracy_m DOUBLE PRECISION,
    speed_kmh DOUBLE PRECISION,
    heading DOUBLE PRECISION
);

CREATE TABLE breadcrumbs (
    technician_id TEXT NOT NULL,
    at_us BIGINT NOT NULL,
    lat DOUBLE PRECISION NOT NULL,
    lon DOUBLE PRECISION NOT NULL,
    accuracy_m DOUBLE PRECISION,
    speed_kmh DOUBLE PRECISION,
    heading DOUBLE PRECISION,
    PRIMARY KEY (technician_id, at_us)
);

CREATE TABLE customers (
    id TEXT PRIMARY KEY,
    external_id TEXT,
    name TEXT NOT NULL,
    phone TEXT,
    search TEXT NOT NULL,
    doc TEXT NOT NULL
);
CREATE INDEX customers_by_phone ON customers (phone);
CREATE INDEX customers_by_external ON customers (external_id);

CREATE TABLE locations (
    id TEXT PRIMARY KEY,
    external_id TEXT,
    customer_id TEXT NOT NULL,
    doc TEXT NOT NULL
);
CREATE INDEX locations_by_customer ON locations (customer_id);

CREATE TABLE jobs (
    id TEXT PRIMARY KEY,
    external_id TEXT,
    customer_id TEXT NOT NULL,
    location_id TEXT NOT NULL,
    priority BIGINT NOT NULL,
    window_start_us BIGINT,
    search TEXT NOT NULL,
    doc TEXT NOT NULL
);
CREATE INDEX jobs_by_customer ON jobs (customer_id);
CREATE INDEX jobs_by_external ON jobs (external_id);

CREATE TABLE job_status (
    job_id TEXT PRIMARY KEY,
    status TEXT NOT NULL,
    visit_id TEXT,
    technician_id TEXT,
    start_us BIGINT
);
CREATE INDEX job_status_by_status ON job_status (status, job_id);

CREATE TABLE visits (
    id TEXT PRIMARY KEY,
    job_id TEXT NOT NULL,
    technician_id TEXT NOT NULL,
    start_us BIGINT NOT NULL,
    end_us BIGINT NOT NULL,
    status TEXT NOT NULL,
    open BIGINT NOT NULL,
    finished_us BIGINT,
    sequence BIGINT NOT NULL,
    changed_us BIGINT NOT NULL,
    doc TEXT NOT NULL
);
CREATE INDEX visits_by_job ON visits (job_id);
CREATE INDEX visits_by_technician ON visits (technician_id, end_us);
CREATE INDEX visits_by_start ON visits (start_us);
CREATE INDEX visits_by_open ON visits (open, end_us);

CREATE TABLE etas (
    visit_id TEXT PRIMARY KEY,
    at_us BIGINT NOT NULL,
    low_us BIGINT NOT NULL,
    high_us BIGINT NOT NULL,
    live BIGINT NOT NULL,
    told_us BIGINT NOT NULL
);

CREATE TABLE drafts (
    job_id TEXT PRIMARY KEY,
    draft TEXT NOT NULL,
    technician_id TEXT NOT NULL,
    start_us BIGINT NOT NULL,
    end_us BIGINT NOT NULL,
    doc TEXT NOT NULL
);

CREATE TABLE threads (
    id TEXT PRIMARY KEY,
    phone TEXT NOT NULL,
    customer_id TEXT,
    technician_id TEXT,
    open BIGINT NOT NULL,
    consent TEXT NOT NULL,
    doc TEXT NOT NULL
);

CREATE TABLE messages (
    id TEXT PRIMARY KEY,
    conversation_id TEXT NOT NULL,
    at_us BIGINT NOT NULL,
    direction TEXT NOT NULL,
    kind TEXT NOT NULL,
    state TEXT NOT NULL,
    job_id TEXT,
    provider_id TEXT,
    doc TEXT NOT NULL
);
CREATE INDEX messages_by_conversation ON messages (conversation_id, at_us);
CREATE INDEX messages_by_time ON messages (at_us);
CREATE INDEX messages_by_job ON messages (job_id);
CREATE INDEX messages_by_provider ON messages (provider_id);

CREATE TABLE promises (
    job_id TEXT NOT NULL,
    number BIGINT NOT NULL,
    message_id TEXT NOT NULL,
    doc TEXT NOT NULL,
    PRIMARY KEY (job_id, number)
);

CREATE TABLE tellings (
    job_id TEXT NOT NULL,
    message_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    technician_id TEXT,
    visit_id TEXT,
    start_us BIGINT,
    phone TEXT,
    untold TEXT,
    at_us BIGINT NOT NULL,
    PRIMARY KEY (job_id, message_id)
);

CREATE TABLE users (
    id TEXT PRIMARY KEY,
    email TEXT NOT NULL,
    doc TEXT NOT NULL
);
CREATE UNIQUE INDEX users_by_email ON users (email);

CREATE TABLE tokens (
    id TEXT PRIMARY KEY,
    secret_hash TEXT NOT NULL,
    revoked BIGINT NOT NULL,
    doc TEXT NOT NULL
);

CREATE TABLE logins (
    secret_hash TEXT PRIMARY KEY,
    user_id TEXT NOT NULL,
    over BIGINT NOT NULL,
    expires_us BIGINT NOT NULL,
    doc TEXT NOT NULL
);

CREATE TABLE revoked_links (
    link TEXT PRIMARY KEY,
    at_us BIGINT NOT NULL
);

CREATE TABLE secrets (
    name TEXT PRIMARY KEY,
    value TEXT NOT NULL
);
