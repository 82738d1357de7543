-- Every table leads with the event's id. Times are Unix times in seconds; holders are digests of
-- tokens, in hexadecimal.

CREATE TABLE event (
    event TEXT NOT NULL PRIMARY KEY,
    -- The version at which its description last changed.
    described_at BIGINT NOT NULL,
    -- The version at which it was opened. It has no history before that.
    opened_at BIGINT NOT NULL,
    -- The first version of its present plan. Whatever a client knows of earlier ones is obsolete.
    begun_at BIGINT NOT NULL,
    version BIGINT NOT NULL
);

-- What is sold, and under which terms, as JSON. It can have 10 MB, so it is kept apart from the
-- version, which every sale changes.
CREATE TABLE description (
    event TEXT NOT NULL PRIMARY KEY,
    document TEXT NOT NULL
);

-- An event that is opened again continues from its last version.
CREATE TABLE ended_event (
    event TEXT NOT NULL PRIMARY KEY,
    version BIGINT NOT NULL
);

-- A seat that has never changed has no row.
CREATE TABLE seat (
    event TEXT NOT NULL,
    seat TEXT NOT NULL,
    version BIGINT NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('available', 'locked', 'booked', 'blocked')),
    holder TEXT,
    locked_at DOUBLE PRECISION,
    seconds DOUBLE PRECISION,
    reference TEXT,
    PRIMARY KEY (event, seat),
    CHECK (status <> 'locked' OR (holder IS NOT NULL AND locked_at IS NOT NULL AND seconds > 0)),
    CHECK ((status = 'booked') = (reference IS NOT NULL))
);

CREATE INDEX seat_by_version ON seat (event, version);

CREATE TABLE booking (
    event TEXT NOT NULL,
    reference TEXT NOT NULL,
    -- The version at which it was made.
    number BIGINT NOT NULL,
    -- The ids of its seats, separated by spaces.
    seats TEXT NOT NULL,
    booked_at DOUBLE PRECISION NOT NULL,
    holder TEXT NOT NULL,
    cancelled_at DOUBLE PRECISION,
    PRIMARY KEY (event, reference)
);

CREATE INDEX booking_by_number ON booking (event, number);
CREATE INDEX booking_by_reference ON booking (reference);

CREATE TABLE history (
    event TEXT NOT NULL,
    version BIGINT NOT NULL,
    seat TEXT NOT NULL,
    changed_at DOUBLE PRECISION NOT NULL,
    change TEXT NOT NULL,
    holder TEXT,
    PRIMARY KEY (event, version, seat)
);

CREATE TABLE answer (
    event TEXT NOT NULL,
    holder TEXT NOT NULL,
    idempotency_key TEXT NOT NULL,
    digest TEXT NOT NULL,
    begun_at DOUBLE PRECISION NOT NULL,
    answer TEXT,
    PRIMARY KEY (event, holder, idempotency_key)
);

CREATE INDEX answer_by_time ON answer (event, begun_at);
