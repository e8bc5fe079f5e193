-- The board's file, readable from top to bottom. New boards are made from it.
-- Times are UTC milliseconds since 1970. Names of states mirror the enums in
-- src/domain; a test holds the CHECKs to them.

-- One row: what this file is.
CREATE TABLE board (
    id           INTEGER PRIMARY KEY CHECK (id = 1),
    schema_hash  TEXT    NOT NULL,
    created_at   INTEGER NOT NULL,
    -- 0 while a server has the file open: after a crash it is still 0.
    clean_stop   INTEGER NOT NULL DEFAULT 1,
    -- When this file was made as a copy of another; nothing for the board
    -- itself.
    copied_at    INTEGER,
    -- When the copy was first opened as a board; until then its codes and
    -- letters are as live as those of the board it was copied from.
    woken_at     INTEGER,
    CHECK (woken_at IS NULL OR copied_at IS NOT NULL)
) STRICT;

-- Only what differs from its default. `rev` refuses a save over somebody
-- else's.
CREATE TABLE setting (
    key         TEXT    PRIMARY KEY,
    value       TEXT    NOT NULL,
    changed_by  TEXT    NOT NULL,
    changed_at  INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- AUTOINCREMENT: the number of an account that is gone is never given again,
-- so an old audit row cannot point at a newcomer.
CREATE TABLE account (
    id            INTEGER PRIMARY KEY AUTOINCREMENT,
    handle        TEXT    NOT NULL,
    handle_key    TEXT    NOT NULL UNIQUE,
    -- UTS #39: what the handle looks like.
    skeleton      TEXT    NOT NULL,
    status        TEXT    NOT NULL CHECK (status IN
                  ('unverified', 'pending', 'active', 'rejected', 'suspended', 'deleted')),
    -- Where an unverified one goes once its address is proven: what the board
    -- did at the registration, whatever it does by then.
    onward        TEXT    CHECK (onward IN ('pending', 'active')),
    role          TEXT    NOT NULL CHECK (role IN ('user', 'mod', 'sysop')),
    origin        TEXT    NOT NULL CHECK (origin IN
                  ('open', 'invite', 'request', 'operator', 'import', 'claim', 'certificate')),
    email         TEXT,
    email_key     TEXT,
    email_proven_at INTEGER,
    -- A PHC string, or nothing for an account that only has keys.
    password      TEXT,
    invite_id     INTEGER REFERENCES invite (id),
    invited_by    INTEGER REFERENCES account (id) ON DELETE SET NULL,
    -- The wizard's own number: a repeated submit finds the first result.
    submission    BLOB UNIQUE,
    -- Where the request came from; wiped after source_keep_days.
    source        TEXT,
    created_at    INTEGER NOT NULL,
    -- When and why the status last changed, by whom, and until when.
    status_at     INTEGER NOT NULL,
    status_by     TEXT,
    status_reason TEXT,
    status_until  INTEGER,
    last_seen_at  INTEGER,
    -- Whether staff demand a second factor of this account, whatever its role.
    needs_factor  INTEGER NOT NULL DEFAULT 0,
    -- Raised by every write that a decision may hang on.
    rev           INTEGER NOT NULL DEFAULT 0,
    CHECK ((email IS NULL) = (email_key IS NULL)),
    CHECK ((status = 'unverified') = (onward IS NOT NULL))
) STRICT;

-- USERS pages: oldest first within a status.
CREATE INDEX account_by_status ON account (status, status_at, id);
-- USERS narrowed by the beginning of a handle or an address.
CREATE INDEX account_by_status_handle ON account (status, handle_key);
CREATE INDEX account_by_status_email ON account (status, email_key) WHERE email_key IS NOT NULL;
CREATE INDEX account_by_email ON account (email_key) WHERE email_key IS NOT NULL;
CREATE INDEX account_by_skeleton ON account (skeleton);
CREATE INDEX account_by_source ON account (source, status) WHERE source IS NOT NULL;
CREATE INDEX account_by_end ON account (status_until) WHERE status_until IS NOT NULL;
-- Whether somebody runs the board is asked at every call; there are few.
CREATE INDEX account_sysops ON account (status) WHERE role = 'sysop';
CREATE INDEX account_by_invite ON account (invite_id) WHERE invite_id IS NOT NULL;
CREATE INDEX account_by_inviter ON account (invited_by) WHERE invited_by IS NOT NULL;

-- Counting 100 000 rows at every redraw would be felt, so triggers count.
CREATE TABLE account_count (
    status  TEXT    PRIMARY KEY,
    n       INTEGER NOT NULL DEFAULT 0 CHECK (n >= 0)
) STRICT, WITHOUT ROWID;
INSERT INTO account_count (status) VALUES
    ('unverified'), ('pending'), ('active'), ('rejected'), ('suspended'), ('deleted');
CREATE TRIGGER account_counted_in AFTER INSERT ON account BEGIN
    UPDATE account_count SET n = n + 1 WHERE status = new.status;
END;
CREATE TRIGGER account_counted_out AFTER DELETE ON account BEGIN
    UPDATE account_count SET n = n - 1 WHERE status = old.status;
END;
CREATE TRIGGER account_counted_over AFTER UPDATE OF status ON account
WHEN old.status <> new.status BEGIN
    UPDATE account_count SET n = n - 1 WHERE status = old.status;
    UPDATE account_count SET n = n + 1 WHERE status = new.status;
END;

-- The second line of defence; the use cases refuse first and with words.
CREATE TRIGGER account_last_sysop BEFORE UPDATE OF status, role ON account
WHEN old.status = 'active' AND old.role = 'sysop'
 AND NOT (new.status = 'active' AND new.role = 'sysop')
 AND (SELECT count(*) FROM account WHERE role = 'sysop' AND status = 'active') < 2
BEGIN
    SELECT raise(ABORT, 'the last active sysop stays');
END;

CREATE TABLE public_key (
    id           INTEGER PRIMARY KEY AUTOINCREMENT,
    account_id   INTEGER NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    fingerprint  TEXT    NOT NULL,
    openssh      TEXT    NOT NULL,
    kind         TEXT    NOT NULL,
    label        TEXT    NOT NULL,
    -- proven: a signature was verified in the connection that added it.
    -- vouched: an operator added it. pasted: a claim, which proves nothing.
    standing     TEXT    NOT NULL CHECK (standing IN ('proven', 'vouched', 'pasted')),
    added_at     INTEGER NOT NULL,
    last_used_at INTEGER,
    UNIQUE (account_id, fingerprint)
) STRICT;
-- One owner a key; a pasted claim may name anybody's.
CREATE UNIQUE INDEX public_key_owner ON public_key (fingerprint) WHERE standing <> 'pasted';
CREATE INDEX public_key_by_fingerprint ON public_key (fingerprint);

-- What an applicant wrote; older wordings stay.
CREATE TABLE request (
    account_id  INTEGER PRIMARY KEY REFERENCES account (id) ON DELETE CASCADE,
    message     TEXT    NOT NULL,
    -- A JSON array of [question, answer].
    answers     TEXT    NOT NULL DEFAULT '[]',
    -- What their client and terminal were, cleaned.
    client      TEXT    NOT NULL DEFAULT '',
    asked_at    INTEGER NOT NULL,
    edited_at   INTEGER
) STRICT;
-- Who among staff looks after a request just now: a hint, not a lock.
CREATE TABLE request_claim (
    account_id  INTEGER PRIMARY KEY REFERENCES account (id) ON DELETE CASCADE,
    by          TEXT    NOT NULL,
    until       INTEGER NOT NULL
) STRICT;
CREATE TABLE request_history (
    id          INTEGER PRIMARY KEY,
    account_id  INTEGER NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    message     TEXT    NOT NULL,
    replaced_at INTEGER NOT NULL
) STRICT;
CREATE INDEX request_history_by_account ON request_history (account_id);

-- What staff asked an applicant, and what they answered.
CREATE TABLE request_message (
    id          INTEGER PRIMARY KEY,
    account_id  INTEGER NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    side        TEXT    NOT NULL CHECK (side IN ('staff', 'applicant')),
    author      TEXT    NOT NULL,
    text        TEXT    NOT NULL,
    at          INTEGER NOT NULL
) STRICT;
CREATE INDEX request_message_by_account ON request_message (account_id, id);

-- Only staff read these.
CREATE TABLE note (
    id          INTEGER PRIMARY KEY,
    account_id  INTEGER NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    author      TEXT    NOT NULL,
    text        TEXT    NOT NULL,
    at          INTEGER NOT NULL
) STRICT;
CREATE INDEX note_by_account ON note (account_id);

CREATE TABLE invite (
    id           INTEGER PRIMARY KEY AUTOINCREMENT,
    -- The last two symbols of the code that was shown, to tell codes apart.
    -- Nothing: its codes go by letter alone.
    hint         TEXT,
    -- Nobody: the console made it.
    issuer_id    INTEGER REFERENCES account (id),
    note         TEXT    NOT NULL DEFAULT '',
    message      TEXT    NOT NULL DEFAULT '',
    role         TEXT    NOT NULL DEFAULT 'user' CHECK (role IN ('user', 'mod')),
    admission    TEXT    NOT NULL DEFAULT 'auto' CHECK (admission IN ('auto', 'queue')),
    -- Nothing: as often as one likes.
    max_uses     INTEGER CHECK (max_uses > 0),
    uses         INTEGER NOT NULL DEFAULT 0 CHECK (uses >= 0),
    not_before   INTEGER,
    expires_at   INTEGER,
    created_at   INTEGER NOT NULL,
    revoked_at   INTEGER,
    revoked_by   TEXT,
    revoked_why  TEXT,
    -- Since when it waits for a sysop to thaw it: this file is a copy, and the
    -- board it was copied from may have accepted the code meanwhile.
    frozen_at    INTEGER,
    -- For whom it is; nothing: for anybody.
    bound_email  TEXT,
    bound_email_key TEXT,
    bound_domain TEXT,
    bound_handle TEXT,
    -- The account it activates, which was made for somebody; then it is for
    -- them, once, and for nobody else.
    bound_account INTEGER REFERENCES account (id),
    -- When whoever gets it by letter was told that it ends soon.
    reminded_at  INTEGER,
    CHECK (max_uses IS NULL OR uses <= max_uses),
    CHECK (bound_email IS NULL OR bound_domain IS NULL),
    CHECK ((bound_email IS NULL) = (bound_email_key IS NULL)),
    CHECK (bound_account IS NULL
           OR (max_uses = 1 AND coalesce(bound_email, bound_domain, bound_handle) IS NULL))
) STRICT;
CREATE INDEX invite_by_issuer ON invite (issuer_id, id);
CREATE INDEX invite_by_account ON invite (bound_account) WHERE bound_account IS NOT NULL;
CREATE INDEX invite_by_address ON invite (bound_email_key) WHERE bound_email_key IS NOT NULL;
CREATE INDEX invite_frozen ON invite (frozen_at) WHERE frozen_at IS NOT NULL;

-- The keyed hashes of an invite's codes: the one that was shown, or one for
-- each letter that brought one. They are good as often as the invite is,
-- together.
CREATE TABLE invite_code (
    hash       BLOB    PRIMARY KEY,
    invite_id  INTEGER NOT NULL REFERENCES invite (id)
) STRICT, WITHOUT ROWID;

-- Who may not invite, and why: they read it.
CREATE TABLE invite_bar (
    account_id  INTEGER PRIMARY KEY REFERENCES account (id) ON DELETE CASCADE,
    reason      TEXT    NOT NULL,
    by          TEXT    NOT NULL,
    at          INTEGER NOT NULL
) STRICT;

CREATE TABLE redemption (
    id          INTEGER PRIMARY KEY,
    invite_id   INTEGER NOT NULL REFERENCES invite (id),
    account_id  INTEGER REFERENCES account (id) ON DELETE SET NULL,
    at          INTEGER NOT NULL,
    state       TEXT    NOT NULL CHECK (state IN ('held', 'completed', 'returned'))
) STRICT;
CREATE INDEX redemption_by_invite ON redemption (invite_id);
CREATE INDEX redemption_by_account ON redemption (account_id) WHERE account_id IS NOT NULL;

-- Claim lines (no account), key lines, codes for a new password and codes that
-- prove an address (the account's). Used once.
CREATE TABLE one_time_code (
    hash        BLOB    PRIMARY KEY,
    purpose     TEXT    NOT NULL CHECK (purpose IN ('claim', 'key', 'reset', 'address')),
    account_id  INTEGER REFERENCES account (id) ON DELETE CASCADE,
    created_at  INTEGER NOT NULL,
    expires_at  INTEGER NOT NULL,
    used_at     INTEGER,
    -- Codes that were typed in its place; only one that is short enough to be
    -- guessed counts them.
    wrong       INTEGER NOT NULL DEFAULT 0 CHECK (wrong = 0 OR purpose = 'address'),
    CHECK ((purpose = 'claim') = (account_id IS NULL))
) STRICT, WITHOUT ROWID;
CREATE INDEX one_time_code_by_account ON one_time_code (account_id) WHERE account_id IS NOT NULL;
CREATE INDEX one_time_code_by_end ON one_time_code (expires_at);

-- Wrong codes of a source (spec §3, guessing).
CREATE TABLE code_guess (
    source        TEXT    PRIMARY KEY,
    wrong         INTEGER NOT NULL,
    since         INTEGER NOT NULL,
    -- How often this source was told to wait; doubles the wait.
    waits         INTEGER NOT NULL DEFAULT 0,
    blocked_until INTEGER
) STRICT, WITHOUT ROWID;
CREATE INDEX code_guess_by_since ON code_guess (since);

-- Wrong passwords of an account and a source (spec §9, P7). The account is a
-- handle's key, so that unknown handles behave like known ones.
CREATE TABLE password_guess (
    handle_key    TEXT    NOT NULL,
    source        TEXT    NOT NULL,
    wrong         INTEGER NOT NULL,
    last_at       INTEGER NOT NULL,
    blocked_until INTEGER,
    PRIMARY KEY (handle_key, source)
) STRICT, WITHOUT ROWID;
CREATE INDEX password_guess_by_age ON password_guess (last_at);

-- A second factor: what the secret of an authenticator app is derived from,
-- under the server's key. A row is there once a code has shown that the app has
-- it.
CREATE TABLE second_factor (
    account_id  INTEGER PRIMARY KEY REFERENCES account (id) ON DELETE CASCADE,
    nonce       BLOB    NOT NULL CHECK (length(nonce) = 16),
    since       INTEGER NOT NULL
) STRICT;
-- Codes of an app that were used, by their 30 seconds since 1970: none is good
-- twice.
CREATE TABLE used_step (
    id          INTEGER PRIMARY KEY,
    account_id  INTEGER NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    step        INTEGER NOT NULL,
    UNIQUE (account_id, step)
) STRICT;
-- What stands in for an app, each once.
CREATE TABLE backup_code (
    account_id  INTEGER NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    hash        BLOB    NOT NULL,
    used_at     INTEGER,
    PRIMARY KEY (account_id, hash)
) STRICT, WITHOUT ROWID;
-- Wrong codes of an account and a source. A right password forgives none.
CREATE TABLE factor_guess (
    account_id    INTEGER NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    source        TEXT    NOT NULL,
    wrong         INTEGER NOT NULL,
    last_at       INTEGER NOT NULL,
    blocked_until INTEGER,
    PRIMARY KEY (account_id, source)
) STRICT, WITHOUT ROWID;
CREATE INDEX factor_guess_by_age ON factor_guess (last_at);

-- Sources an account has logged in from; they are judged apart from strangers.
CREATE TABLE known_source (
    account_id  INTEGER NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    source      TEXT    NOT NULL,
    last_at     INTEGER NOT NULL,
    PRIMARY KEY (account_id, source)
) STRICT, WITHOUT ROWID;
CREATE INDEX known_source_by_age ON known_source (last_at);
CREATE INDEX known_source_by_source ON known_source (source);

-- Who is kept out, held back or let through, and by whom.
CREATE TABLE access_rule (
    id      INTEGER PRIMARY KEY AUTOINCREMENT,
    kind    TEXT    NOT NULL CHECK (kind IN
            ('handle', 'email', 'domain', 'source', 'certificate')),
    effect  TEXT    NOT NULL CHECK (effect IN
            ('reserved', 'banned', 'disposable', 'denied', 'allowed')),
    -- As people read it.
    value   TEXT    NOT NULL,
    -- What it is found by, such as what a handle looks like.
    key     TEXT    NOT NULL,
    reason  TEXT    NOT NULL,
    by      TEXT    NOT NULL,
    at      INTEGER NOT NULL,
    UNIQUE (kind, key)
) STRICT;
CREATE INDEX access_rule_by_kind ON access_rule (kind, id);

-- Who did what. Ids, handles and setting values; never addresses, messages or
-- sources.
CREATE TABLE audit (
    id        INTEGER PRIMARY KEY AUTOINCREMENT,
    at        INTEGER NOT NULL,
    actor_id  INTEGER,
    actor     TEXT    NOT NULL COLLATE NOCASE,
    via       TEXT    NOT NULL,
    action    TEXT    NOT NULL,
    object    TEXT    NOT NULL,
    -- The last word of the object: a handle, a setting, inv-1042. People ask
    -- for it, also when the account is long gone.
    name      TEXT    NOT NULL COLLATE NOCASE,
    before    TEXT,
    after     TEXT,
    reason    TEXT
) STRICT;
-- The order is that of the ids, which end every index: clocks jump.
CREATE INDEX audit_by_time ON audit (at);
CREATE INDEX audit_by_name ON audit (name);
CREATE INDEX audit_by_actor ON audit (actor);
CREATE TRIGGER audit_stays BEFORE UPDATE ON audit BEGIN
    SELECT raise(ABORT, 'the record is append-only');
END;
CREATE TRIGGER audit_kept BEFORE DELETE ON audit BEGIN
    SELECT raise(ABORT, 'the record is append-only');
END;

-- One row: how copying this board went, for whoever asks whether it is safe.
CREATE TABLE backup (
    id        INTEGER PRIMARY KEY CHECK (id = 1),
    tried_at  INTEGER NOT NULL,
    -- The last one that succeeded: when, where, and its bytes.
    done_at   INTEGER,
    place     TEXT,
    bytes     INTEGER,
    -- Why the last try failed; nothing if it did not.
    error     TEXT
) STRICT;

-- What the SYSTEM tab plots: one row for ten minutes, kept for eight days, so
-- that the table never grows past 1 153 rows.
CREATE TABLE sample (
    -- The beginning of the ten minutes.
    at            INTEGER PRIMARY KEY,
    calls         INTEGER NOT NULL,
    registrations INTEGER NOT NULL,
    -- The most sessions at a time.
    sessions      INTEGER NOT NULL
) STRICT;
-- Letters, written in the transaction of what they tell of. An account that is
-- gone takes its letters with it.
CREATE TABLE outbox (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    -- To an account, or to whoever an invite is for. With neither it is for the
    -- sysop's own program, which has no address.
    account_id  INTEGER REFERENCES account (id) ON DELETE CASCADE,
    invite_id   INTEGER REFERENCES invite (id),
    kind        TEXT    NOT NULL CHECK (kind IN
                ('request_received', 'request_waits', 'approved', 'rejected', 'reopened',
                 'suspended', 'reactivated', 'key_added', 'key_removed', 'password_changed',
                 'factor_changed', 'role_changed', 'deletion', 'more_information', 'correction',
                 'reset_code', 'address_changed', 'verify_address', 'address_in_use', 'activation',
                 'request_answered', 'rang', 'invite', 'invite_reminder', 'invite_redeemed',
                 'alert', 'test')),
    address     TEXT,
    -- What only this letter is about: a reason, a key, a role.
    detail      TEXT    NOT NULL DEFAULT '',
    state       TEXT    NOT NULL CHECK (state IN
                ('queued', 'held', 'blocked', 'sent', 'failed', 'cancelled', 'off')),
    attempts    INTEGER NOT NULL DEFAULT 0,
    last_error  TEXT,
    created_at  INTEGER NOT NULL,
    -- When the tries began; a sysop's retry begins them anew.
    since       INTEGER NOT NULL,
    -- When it is tried next. While an attempt is under way this is the end of
    -- its lease, so that a crash only delays the next one.
    next_at     INTEGER,
    sent_at     INTEGER,
    CHECK (account_id IS NULL OR invite_id IS NULL),
    CHECK ((account_id IS NULL AND invite_id IS NULL) = (address IS NULL)),
    CHECK ((state = 'queued') = (next_at IS NOT NULL)),
    CHECK ((state = 'sent') = (sent_at IS NOT NULL))
) STRICT;
CREATE INDEX outbox_due ON outbox (next_at, id) WHERE state = 'queued' AND address IS NOT NULL;
-- The sysop's program has a way of its own, so that neither waits for the other.
CREATE INDEX outbox_news_due ON outbox (next_at, id) WHERE state = 'queued' AND address IS NULL;
CREATE INDEX outbox_news ON outbox (kind, created_at) WHERE address IS NULL;
CREATE INDEX outbox_by_account ON outbox (account_id, id);
CREATE INDEX outbox_by_invite ON outbox (invite_id) WHERE invite_id IS NOT NULL;
CREATE INDEX outbox_by_state ON outbox (state, id);

-- The same told on the board, where most people have no address; its text is
-- made when it is read. An account keeps 200, for 90 days.
CREATE TABLE notice (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    account_id  INTEGER NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    kind        TEXT    NOT NULL,
    detail      TEXT    NOT NULL DEFAULT '',
    at          INTEGER NOT NULL,
    read_at     INTEGER
) STRICT;
CREATE INDEX notice_by_account ON notice (account_id, id);
CREATE INDEX notice_unread ON notice (account_id) WHERE read_at IS NULL;
CREATE INDEX notice_by_time ON notice (at);

-- By which ways somebody hears of what, where it is not as usual.
CREATE TABLE notice_choice (
    account_id  INTEGER NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    topic       TEXT    NOT NULL CHECK (topic IN
                ('requests', 'standing', 'security', 'invites', 'board', 'rings')),
    notice      INTEGER NOT NULL,
    letter      INTEGER NOT NULL,
    bell        INTEGER NOT NULL,
    PRIMARY KEY (account_id, topic)
) STRICT, WITHOUT ROWID;

-- The last decision about a request, for as long as it can be taken back.
CREATE TABLE decision (
    account_id    INTEGER PRIMARY KEY REFERENCES account (id) ON DELETE CASCADE,
    -- As the decision left the account: nothing may have happened since.
    rev           INTEGER NOT NULL,
    until         INTEGER NOT NULL,
    letter_id     INTEGER REFERENCES outbox (id) ON DELETE SET NULL,
    -- What stood in the account before.
    status_at     INTEGER NOT NULL,
    status_by     TEXT,
    status_reason TEXT
) STRICT;
CREATE INDEX decision_by_end ON decision (until);
-- A letter that is forgotten looks here.
CREATE INDEX decision_by_letter ON decision (letter_id) WHERE letter_id IS NOT NULL;

-- Letters that strangers asked for, so that nobody's mailbox is flooded. These
-- rows outlive account and letter, or making both anew would begin the count
-- anew; a day later they are gone.
CREATE TABLE asked_letter (
    id          INTEGER PRIMARY KEY,
    at          INTEGER NOT NULL,
    account_id  INTEGER NOT NULL,
    email_key   TEXT    NOT NULL,
    -- Nothing: a network outside every per-source number.
    source      TEXT
) STRICT;
CREATE INDEX asked_letter_by_time ON asked_letter (at);

-- Whom a request is told to; there are few.
CREATE INDEX account_staff ON account (role) WHERE role <> 'user';

-- One row: how the post stands.
CREATE TABLE post (
    id            INTEGER PRIMARY KEY CHECK (id = 1),
    -- Whether the process that has the board open knows a mail server.
    has_transport INTEGER NOT NULL DEFAULT 0,
    -- A copy of a board sends nothing until somebody says so.
    is_held       INTEGER NOT NULL DEFAULT 0,
    -- In a row; ten mark the channel as broken.
    failures      INTEGER NOT NULL DEFAULT 0,
    last_error    TEXT,
    -- The same of the sysop's own program, which fails for other reasons.
    has_program      INTEGER NOT NULL DEFAULT 0,
    program_failures INTEGER NOT NULL DEFAULT 0,
    program_error    TEXT
) STRICT;
INSERT INTO post (id) VALUES (1);
