-- The database itself refuses a second live booking of a seat, and tells its histories apart.

-- Ids are compared byte by byte. Another version of the C library may order text in another way,
-- and what an index has in the old order is not found any more.
ALTER TABLE description ALTER COLUMN event TYPE TEXT COLLATE "C";
ALTER TABLE ended_event ALTER COLUMN event TYPE TEXT COLLATE "C";
ALTER TABLE answer
    ALTER COLUMN event TYPE TEXT COLLATE "C",
    ALTER COLUMN holder TYPE TEXT COLLATE "C",
    ALTER COLUMN idempotency_key TYPE TEXT COLLATE "C";

ALTER TABLE event
    ALTER COLUMN event TYPE TEXT COLLATE "C",
    -- The random mark of the transaction that wrote the version; of the one that described the
    -- event.
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
    -- The version of the row that this one replaced: no other may be written over.
    ADD COLUMN previous BIGINT NOT NULL DEFAULT 0;

ALTER TABLE booking
    ALTER COLUMN event TYPE TEXT COLLATE "C",
    ALTER COLUMN reference TYPE TEXT COLLATE "C";

-- The seats of each booking. Live are those that were not given back.
CREATE TABLE booked_seat (
    event TEXT COLLATE "C" NOT NULL,
    reference TEXT COLLATE "C" NOT NULL,
    seat TEXT COLLATE "C" NOT NULL,
    -- Where it stands among the seats of its booking.
    position INTEGER NOT NULL,
    given_back_at DOUBLE PRECISION,
    -- Another live booking had the seat already when the schema took this step.
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
