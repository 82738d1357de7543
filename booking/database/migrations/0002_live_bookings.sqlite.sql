-- The database itself refuses a second live booking of a seat, and tells its histories apart.

-- The random mark of the transaction that wrote the version; of the one that described the event.
ALTER TABLE event ADD COLUMN mark BIGINT NOT NULL DEFAULT 0;
ALTER TABLE event ADD COLUMN described_mark BIGINT NOT NULL DEFAULT 0;
ALTER TABLE history ADD COLUMN mark BIGINT NOT NULL DEFAULT 0;

-- The version of the row that this one replaced: no other may be written over.
ALTER TABLE seat ADD COLUMN previous BIGINT NOT NULL DEFAULT 0;

-- The seats of each booking. Live are those that were not given back.
CREATE TABLE booked_seat (
    event TEXT NOT NULL,
    reference TEXT NOT NULL,
    seat TEXT NOT NULL,
    -- Where it stands among the seats of its booking.
    position INTEGER NOT NULL,
    given_back_at DOUBLE PRECISION,
    -- Another live booking had the seat already when the schema took this step.
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

ALTER TABLE booking DROP COLUMN seats;
