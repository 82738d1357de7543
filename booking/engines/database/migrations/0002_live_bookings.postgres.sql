-- The database itself refuses a second live booking of a seat, and can tell histories apart.

-- Compare ids byte by byte. A new version of the C library may sort text differently, and an index
-- in the old order would no longer find its rows.
ALTER TABLE description ALTER COLUMN event TYPE TEXT COLLATE "C";
ALTER TABLE ended_event ALTER COLUMN event TYPE TEXT COLLATE "C";
ALTER TABLE answer
    ALTER COLUMN event TYPE TEXT COLLATE "C",
    ALTER COLUMN holder TYPE TEXT COLLATE "C",
    ALTER COLUMN idempotency_key TYPE TEXT COLLATE "C";

ALTER TABLE event
    ALTER COLUMN event TYPE TEXT COLLATE "C",
    -- The random marks of the transactions that wrote the version and the description.
    ADD COLUMN mark BIGINT NOT NULL DEFAULT 0,
    ADD COLUMN described_mark BIGINT NOT NULL DEFAULT 0;

ALTER TABLE history
    ALTER COLUMN event TYPE TEXT COLLATE "C",
    ALTER COLUMN seat TYPE TEXT COLLATE "C",
    ADD COLUMN mark BIGINT NOT NULL DEFAULT 0;

ALTER TABLE seat
    ALTER COLUMN event TYPE TEXT COLLATE "C",
    ALTER COLUMN seat TYPE TEXT COLLATE "C",
    ALTER COLUMN reference TYPE TEXT COLLATE "C",
    -- The version of the row that this one replaced. A write to any other version is refused.
    ADD COLUMN previous BIGINT NOT NULL DEFAULT 0;

ALTER TABLE booking
    ALTER COLUMN event TYPE TEXT COLLATE "C",
    ALTER COLUMN reference TYPE TEXT COLLATE "C";

-- The seats of each booking. A seat is live until it is given back.
CREATE TABLE booked_seat (
    event TEXT COLLATE "C" NOT NULL,
    reference TEXT COLLATE "C" NOT NULL,
    seat TEXT COLLATE "C" NOT NULL,
    -- The seat's place in the order of its booking.
    position INTEGER NOT NULL,
    given_back_at DOUBLE PRECISION,
    -- Another live booking already had the seat when this migration ran.
    disputed BOOLEAN NOT NULL DEFAULT FALSE,
    PRIMARY KEY (event, reference, seat)
);

INSERT INTO booked_seat (event, reference, seat, position, given_back_at, disputed)
SELECT event, reference, seat, position, cancelled_at, cancelled_at IS NULL AND place > 1
FROM (
    SELECT booking.event, booking.reference, split.seat, split.ordinality - 1 AS position,
           booking.cancelled_at,
           row_number() OVER (
               PARTITION BY booking.event, split.seat, booking.cancelled_at IS NULL
               ORDER BY
                   CASE WHEN seat.reference = booking.reference THEN 0 ELSE 1 END, booking.number
           ) AS place
    FROM booking
    CROSS JOIN unnest(string_to_array(booking.seats, ' ')) WITH ORDINALITY AS split (seat)
    LEFT JOIN seat ON seat.event = booking.event AND seat.seat = split.seat
) AS ranked;

CREATE UNIQUE INDEX live_booked_seat ON booked_seat (event, seat)
    WHERE given_back_at IS NULL AND NOT disputed;

ALTER TABLE booking DROP COLUMN seats;
