-- What is on its way says so, announcements can be aimed, scheduled, stopped, corrected and withdrawn, people choose a
-- lead time of their own, and a session's facts are remembered so that a change can be told.

-- A new table, since SQLite cannot change a CHECK. Nothing refers to the outbox.
CREATE TABLE outbox_with_sending (
    number INTEGER PRIMARY KEY AUTOINCREMENT,           -- order within a lane
    key TEXT UNIQUE,                                    -- one per notice and person; NULL for replies
    lane INTEGER NOT NULL CHECK (lane IN (0, 1, 2)),    -- 0 replies, 1 notices, 2 bulk
    chat INTEGER NOT NULL,
    content TEXT,                                       -- JSON: what to send, or what to compose it from; erased at the end
    state TEXT NOT NULL DEFAULT 'waiting'
        CHECK (state IN ('waiting', 'sending', 'sent', 'gave up', 'blocked', 'withdrawn')),
    created_at INTEGER NOT NULL,
    expires_at INTEGER,                                 -- no longer useful from then on
    repeats INTEGER NOT NULL DEFAULT 0,                 -- how often it was sent without knowing whether it had arrived
    finished_at INTEGER,
    message INTEGER,                                    -- Telegram's message id, once sent
    reason TEXT,                                        -- why it was not sent
    broadcast INTEGER REFERENCES broadcasts (number)
) STRICT;

INSERT INTO outbox_with_sending SELECT * FROM outbox;
DROP TABLE outbox;
ALTER TABLE outbox_with_sending RENAME TO outbox;

CREATE INDEX outbox_waiting ON outbox (lane, number) WHERE state = 'waiting';
CREATE INDEX outbox_sending ON outbox (number) WHERE state = 'sending';
CREATE INDEX outbox_broadcast ON outbox (broadcast, state, reason, repeats) WHERE broadcast IS NOT NULL;
CREATE INDEX outbox_messages ON outbox (chat, message) WHERE message IS NOT NULL;

-- An announcement, or what changes the delivered copies of one. In state 'sending' it waits for due_at, then its
-- recipients are put into the outbox up to filled_to, then they are sent to; 'done' may have been stopped before.
ALTER TABLE broadcasts ADD COLUMN kind TEXT NOT NULL DEFAULT 'announcement'
    CHECK (kind IN ('announcement', 'correction', 'withdrawal'));
ALTER TABLE broadcasts ADD COLUMN original INTEGER REFERENCES broadcasts (number);  -- of a correction or withdrawal
ALTER TABLE broadcasts ADD COLUMN audience TEXT NOT NULL DEFAULT '{}';              -- JSON: to whom
ALTER TABLE broadcasts ADD COLUMN scheduled INTEGER NOT NULL DEFAULT 0 CHECK (scheduled IN (0, 1));
ALTER TABLE broadcasts ADD COLUMN due_at INTEGER;
ALTER TABLE broadcasts ADD COLUMN filled_to INTEGER NOT NULL DEFAULT 0;             -- the last person queued for
ALTER TABLE broadcasts ADD COLUMN filled INTEGER NOT NULL DEFAULT 0 CHECK (filled IN (0, 1));
ALTER TABLE broadcasts ADD COLUMN stopped_at INTEGER;
ALTER TABLE broadcasts ADD COLUMN ended_at INTEGER;
UPDATE broadcasts SET filled = 1 WHERE state IN ('sending', 'done');

ALTER TABLE people ADD COLUMN lead INTEGER CHECK (lead > 0);    -- seconds before a session, as chosen in /reminders
ALTER TABLE people ADD COLUMN lead_since INTEGER;
CREATE INDEX people_leads ON people (lead) WHERE lead IS NOT NULL;

-- The facts that people were told last: JSON, NULL before the first start of this version.
ALTER TABLE sessions ADD COLUMN told TEXT;

-- Questions with the same gist ask the same; what a coordinator answered once is answered by the bot from then on.
ALTER TABLE questions ADD COLUMN gist TEXT NOT NULL DEFAULT '';
CREATE INDEX questions_gist ON questions (gist) WHERE state = 'open';
CREATE TABLE answers (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    gist TEXT NOT NULL UNIQUE,
    language TEXT NOT NULL,
    questions TEXT NOT NULL,                            -- JSON list: the wordings in which it was asked
    answer TEXT NOT NULL,
    answered_by INTEGER NOT NULL,
    answered_at INTEGER NOT NULL
) STRICT;
