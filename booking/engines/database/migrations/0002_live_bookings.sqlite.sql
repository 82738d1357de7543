-- The database itself refuses a second live booking of a seat, and can tell histories apart. Tables
-- are now clustered by their primary keys (WITHOUT ROWID): a sale writes three pages less, which
-- makes up for the new table.

-- The random marks of the transactions that wrote the version and the description.
ALTER TABLE event ADD COLUMN mark BIGINT NOT NULL DEFAULT 0;
ALTER TABLE event ADD COLUMN described_mark BIGINT NOT NULL DEFAULT 0;

ALTER TABLE seat RENAME TO seat_before;
CREATE TABLE seat (
    event TEXT NOT NULL,
    seat TEXT NOT NULL,
    version BIGINT NOT NULL,
    -- The version of the row that this one replaced. A write to any other version is refused.
    previous BIGINT NOT NULL DEFAULT 0,
    status TEXT NOT NULL CHECK (status IN ('available', 'locked', 'booked', 'blocked')),
    holder TEXT,
    locked_at DOUBLE PRECISION,
    seconds DOUBLE PRECISION,
    reference TEXT,
    PRIMARY KEY (event, seat),
    CHECK (status <> 'locked' OR (holder IS NOT NULL AND locked_at IS NOT NULL AND seconds > 0)),
    CHECK ((status = 'booked') = (reference IS NOT NULL))
) WITHOUT ROWID;
INSERT INTO seat (event, seat, version, status, holder, locked_at, seconds, reference)
SELECT event, seat, version, status, holder, locked_at, seconds, reference FROM seat_before;
DROP TABLE seat_before;
CREATE INDEX seat_by_version ON seat (event, version);

ALTER TABLE history RENAME TO history_before;
CREATE TABLE history (
    event TEXT NOT NULL,
    version BIGINT NOT NULL,
    seat TEXT NOT NULL,
    changed_at DOUBLE PRECISION NOT NULL,
    change TEXT NOT NULL,
    holder TEXT,
    mark BIGINT NOT NULL DEFAULT 0,
    PRIMARY KEY (event, version, seat)
) WITHOUT ROWID;
INSERT INTO history (event, version, seat, changed_at, change, holder)
SELECT event, version, seat, changed_at, change, holder FROM history_before;
DROP TABLE history_before;

-- The seats of each booking. A seat is live until it is given back.
CREATE TABLE booked_seat (
    event TEXT NOT NULL,
    reference TEXT NOT NULL,
    seat TEXT NOT NULL,
    -- The seat's place in the order of its booking.
    position INTEGER NOT NULL,
    given_back_at DOUBLE PRECISION,
    -- Another live booking already had the seat when this migration ran.
    disputed BOOLEAN NOT NULL DEFAULT FALSE,
    PRIMARY KEY (event, reference, seat)
) WITHOUT ROWID;

WITH RECURSIVE split (event, reference, position, seat, rest) AS (
    SELECT event, reference, -1, '', seats || ' ' FROM booking
    UNION ALL
    SELECT event, reference, position + 1,
           substr(rest, 1, instr(rest, ' ') - 1), substr(rest, instr(rest, ' ') + 1)
    FROM split WHERE rest <> ''
),
ranked AS (
    SELECT split.event, split.reference, split.seat, split.position, booking.cancelled_at,
           row_number() OVER (
               PARTITION BY split.event, split.seat, booking.cancelled_at IS NULL
               ORDER BY CASE WHEN seat.reference = split.reference THEN 0 ELSE 1 END, booking.number
           ) AS place
    FROM split
    JOIN booking ON booking.event = split.event AND booking.reference = split.reference
    LEFT JOIN seat ON seat.event = split.event AND seat.seat = split.seat
    WHERE split.position >= 0
)
INSERT INTO booked_seat (event, reference, seat, position, given_back_at, disputed)
SELECT event, reference, seat, position, cancelled_at, cancelled_at IS NULL AND place > 1
FROM ranked;

CREATE UNIQUE INDEX live_booked_seat ON booked_seat (event, seat)
    WHERE given_back_at IS NULL AND NOT disputed;

ALTER TABLE booking RENAME TO booking_before;
CREATE TABLE booking (
    event TEXT NOT NULL,
    reference TEXT NOT NULL,
    -- The version at which it was made.
    number BIGINT NOT NULL,
    booked_at DOUBLE PRECISION NOT NULL,
    holder TEXT NOT NULL,
    cancelled_at DOUBLE PRECISION,
    PRIMARY KEY (event, reference)
) WITHOUT ROWID;
INSERT INTO booking (event, reference, number, booked_at, holder, cancelled_at)
SELECT event, reference, number, booked_at, holder, cancelled_at FROM booking_before;
DROP TABLE booking_before;
CREATE INDEX booking_by_number ON booking (event, number);
CREATE INDEX booking_by_reference ON booking (reference);
