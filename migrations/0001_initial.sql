-- Moments are whole milliseconds since 1970 in UTC. Personal data stands in people, registrations, questions,
-- in bodies of the inbox that still wait, and in contents of the outbox that still wait; nowhere else.

CREATE TABLE people (
    id INTEGER PRIMARY KEY,                 -- Telegram's user id, which is the id of the private chat too
    name TEXT NOT NULL,
    username TEXT,
    telegram_language TEXT,                 -- as Telegram tells it, such as pt-br
    language TEXT,                          -- as chosen with /language
    muted TEXT NOT NULL DEFAULT '[]',       -- JSON list: the reminder rules that this person switched off
    conversation TEXT,                      -- JSON: what was spoken of last
    conversation_at INTEGER,
    awaited TEXT,                           -- JSON: which dialogue takes the next text
    awaited_until INTEGER,
    unreachable_since INTEGER               -- blocked the bot or is gone; not tried again until they write
) STRICT;

CREATE TABLE sessions (
    id TEXT PRIMARY KEY,
    file_capacity INTEGER CHECK (file_capacity >= 0),   -- as last read from the knowledge file
    capacity INTEGER CHECK (capacity >= 0)              -- in force; NULL: no registration
) STRICT;

CREATE TABLE registrations (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    person INTEGER REFERENCES people (id),              -- NULL: added by name, by a coordinator
    name TEXT NOT NULL,
    session TEXT NOT NULL REFERENCES sessions (id),
    status TEXT NOT NULL CHECK (status IN ('confirmed', 'waitlisted', 'offered', 'cancelled')),
    arrival INTEGER NOT NULL,                           -- order of the queue
    registered_at INTEGER NOT NULL,
    confirmed_at INTEGER,
    offered_until INTEGER,
    cancelled_at INTEGER,
    checked_in_at INTEGER,
    checked_in_by INTEGER,
    admitted_by INTEGER,                                -- the coordinator who let this one in over capacity
    CHECK ((status = 'offered') = (offered_until IS NOT NULL)),
    CHECK (status <> 'confirmed' OR confirmed_at IS NOT NULL)
) STRICT;

CREATE UNIQUE INDEX registrations_once ON registrations (person, session) WHERE status <> 'cancelled';
CREATE INDEX registrations_taken ON registrations (session) WHERE status IN ('confirmed', 'offered');
CREATE INDEX registrations_queue ON registrations (session, arrival, number) WHERE status = 'waitlisted';
CREATE INDEX registrations_person ON registrations (person);

-- The last line against overselling: it holds for any program that writes here, ours included.
CREATE TRIGGER registrations_seat_on_insert BEFORE INSERT ON registrations
WHEN NEW.status IN ('confirmed', 'offered') AND NEW.admitted_by IS NULL
BEGIN
    SELECT RAISE(ABORT, 'session is full')
    WHERE (SELECT count(*) FROM registrations WHERE session = NEW.session AND status IN ('confirmed', 'offered'))
        >= coalesce((SELECT capacity FROM sessions WHERE id = NEW.session), 0);
END;

CREATE TRIGGER registrations_seat_on_update BEFORE UPDATE ON registrations
WHEN NEW.status IN ('confirmed', 'offered') AND NEW.admitted_by IS NULL
    AND (OLD.status NOT IN ('confirmed', 'offered') OR OLD.session <> NEW.session)
BEGIN
    SELECT RAISE(ABORT, 'session is full')
    WHERE (SELECT count(*) FROM registrations WHERE session = NEW.session AND status IN ('confirmed', 'offered'))
        >= coalesce((SELECT capacity FROM sessions WHERE id = NEW.session), 0);
END;

CREATE TABLE inbox (
    number INTEGER PRIMARY KEY AUTOINCREMENT,           -- order of arrival
    update_id INTEGER NOT NULL UNIQUE,
    body TEXT,                                          -- erased when done; the row stays against repeats
    received_at INTEGER NOT NULL,
    attempts INTEGER NOT NULL DEFAULT 0,
    state TEXT NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'done', 'set aside'))
) STRICT;

CREATE INDEX inbox_waiting ON inbox (number) WHERE state = 'waiting';

CREATE TABLE broadcasts (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    coordinator INTEGER NOT NULL,
    content TEXT NOT NULL,                              -- JSON: what is sent
    state TEXT NOT NULL CHECK (state IN ('draft', 'dropped', 'sending', 'done')),
    created_at INTEGER NOT NULL,
    recipients INTEGER NOT NULL DEFAULT 0,
    progress_message INTEGER                            -- the message in the coordinator's chat that shows progress
) STRICT;

CREATE TABLE outbox (
    number INTEGER PRIMARY KEY AUTOINCREMENT,           -- order within a lane
    key TEXT UNIQUE,                                    -- one per notice and person; NULL for replies
    lane INTEGER NOT NULL CHECK (lane IN (0, 1, 2)),    -- 0 replies, 1 notices, 2 bulk
    chat INTEGER NOT NULL,
    content TEXT,                                       -- JSON: what to send, or what to compose it from; erased at the end
    state TEXT NOT NULL DEFAULT 'waiting'
        CHECK (state IN ('waiting', 'sent', 'gave up', 'blocked', 'withdrawn')),
    created_at INTEGER NOT NULL,
    expires_at INTEGER,                                 -- no longer useful from then on
    repeats INTEGER NOT NULL DEFAULT 0,                 -- how often it was sent without knowing whether it had arrived
    finished_at INTEGER,
    message INTEGER,                                    -- Telegram's message id, once sent
    reason TEXT,                                        -- why it was not sent
    broadcast INTEGER REFERENCES broadcasts (number)
) STRICT;

CREATE INDEX outbox_waiting ON outbox (lane, number) WHERE state = 'waiting';
CREATE INDEX outbox_broadcast ON outbox (broadcast, state) WHERE broadcast IS NOT NULL;
CREATE INDEX outbox_messages ON outbox (chat, message) WHERE message IS NOT NULL;

CREATE TABLE questions (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    person INTEGER NOT NULL,
    text TEXT NOT NULL,
    language TEXT NOT NULL,
    asked_at INTEGER NOT NULL,
    state TEXT NOT NULL DEFAULT 'asked' CHECK (state IN ('asked', 'open', 'answered', 'dismissed')),
    answer TEXT,
    answered_by INTEGER,
    answered_at INTEGER
) STRICT;

CREATE INDEX questions_open ON questions (number) WHERE state = 'open';

-- Groups that were told once where to find the bot.
CREATE TABLE groups (
    id INTEGER PRIMARY KEY,
    greeted_at INTEGER NOT NULL
) STRICT;
