-- What waits for the mail, as JSON. `event` is empty for what belongs to none.

CREATE TABLE outbox (
    event TEXT NOT NULL,
    -- The version of the event at which it was written, and a number that no other row has.
    version BIGINT NOT NULL,
    n BIGINT NOT NULL,
    reference TEXT NOT NULL,
    written_at DOUBLE PRECISION NOT NULL,
    due_at DOUBLE PRECISION NOT NULL,
    attempts INTEGER NOT NULL DEFAULT 0,
    document TEXT NOT NULL,
    PRIMARY KEY (event, version, n)
);

CREATE INDEX outbox_by_time ON outbox (due_at);
CREATE INDEX outbox_by_reference ON outbox (event, reference);

-- Which process does what only one may do, and until when. There are few, and no event has them.
CREATE TABLE duty (
    duty TEXT NOT NULL PRIMARY KEY,
    owner TEXT NOT NULL,
    until_at DOUBLE PRECISION NOT NULL
);

-- Keys that all processes share, in hexadecimal.
CREATE TABLE shared_key (
    name TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL
);

-- The address of a booking in small letters, to find the bookings of one.
ALTER TABLE booking_details ADD COLUMN email TEXT;
UPDATE booking_details SET email = lower(trim(details -> 'answers' ->> 'email'));
CREATE INDEX booking_details_by_email ON booking_details (email);

-- When the event starts, and the start of which everybody has been reminded.
ALTER TABLE description ADD COLUMN starts_at DOUBLE PRECISION;
ALTER TABLE description ADD COLUMN reminded_of DOUBLE PRECISION;
UPDATE description SET starts_at = document ->> 'starts_at';
