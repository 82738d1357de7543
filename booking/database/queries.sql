-- name: find_event
-- What is known of an event, but for its seats.
SELECT document, opened_at, begun_at
FROM event JOIN description ON description.event = event.event
WHERE event.event = :event;

-- name: time
-- The time of the database.
SELECT :time AS now;

-- name: find_version
-- The version of an event, the one at which it was last described, and the time.
SELECT version, described_at, :time AS now FROM event WHERE event = :event;

-- name: lock_version
-- The same; nobody else writes anything of the event until the transaction ends. The time is that at
-- which the lock was had.
WITH locked AS (
    SELECT version, described_at FROM event WHERE event = :event FOR UPDATE
)
SELECT version, described_at, :time AS now FROM locked;

-- name: list_events
-- The ids of events, in their order, from after one on.
SELECT event FROM event WHERE event > :after ORDER BY event LIMIT :most;

-- name: find_ended_version
-- The last version of an event that was ended.
SELECT version FROM ended_event WHERE event = :event;

-- name: add_event
-- Open an event.
INSERT INTO event (event, described_at, opened_at, begun_at, version)
VALUES (:event, :version, :version, :version, :version)
ON CONFLICT (event) DO NOTHING RETURNING event;

-- name: put_description
-- Say what is sold and how.
INSERT INTO description (event, document) VALUES (:event, :document)
ON CONFLICT (event) DO UPDATE SET document = excluded.document;

-- name: note_description
-- Take note that it was said anew what is sold and how.
UPDATE event SET described_at = :described_at, begun_at = :begun_at WHERE event = :event;

-- name: set_version
-- Take note of the latest version.
UPDATE event SET version = :version WHERE event = :event;

-- name: end_event
-- Take an event out of the list.
DELETE FROM event WHERE event = :event;

-- name: remember_ended
-- Remember where the versions of an event ended.
INSERT INTO ended_event (event, version) VALUES (:event, :version)
ON CONFLICT (event) DO UPDATE SET version = excluded.version;

-- name: forget_description
-- Forget what was sold and how.
DELETE FROM description WHERE event = :event;

-- name: forget_seats
-- Forget all seats of an event.
DELETE FROM seat WHERE event = :event;

-- name: forget_bookings
-- Forget all bookings of an event.
DELETE FROM booking WHERE event = :event;

-- name: forget_history
-- Forget what became of the seats of an event.
DELETE FROM history WHERE event = :event;

-- name: forget_answers
-- Forget the answers of an event.
DELETE FROM answer WHERE event = :event;

-- name: seats_since
-- The seats that changed after a version, with their bookings, in the order of their changes.
SELECT seat.seat, seat.version, seat.status, seat.holder, seat.locked_at, seat.seconds,
       booking.reference, booking.seats, booking.booked_at, booking.holder AS booked_by
FROM seat
LEFT JOIN booking ON booking.event = seat.event AND booking.reference = seat.reference
WHERE seat.event = :event AND seat.version > :version
ORDER BY seat.version;

-- name: put_seat
-- Put a seat in the place of what it was.
INSERT INTO seat (event, seat, version, status, holder, locked_at, seconds, reference)
VALUES (:event, :seat, :version, :status, :holder, :locked_at, :seconds, :reference)
ON CONFLICT (event, seat) DO UPDATE SET
    version = excluded.version, status = excluded.status, holder = excluded.holder,
    locked_at = excluded.locked_at, seconds = excluded.seconds, reference = excluded.reference;

-- name: find_booking
-- A booking by its reference.
SELECT reference, seats, booked_at, holder, cancelled_at FROM booking
WHERE event = :event AND reference = :reference;

-- name: find_event_of_booking
-- The event that a booking is of.
SELECT event FROM booking WHERE reference = :reference;

-- name: list_bookings
-- Bookings in the order in which they were made, from after a number on.
SELECT number, reference, seats, booked_at, holder, cancelled_at FROM booking
WHERE event = :event AND number > :after ORDER BY number LIMIT :most;

-- name: add_booking
-- Add a booking.
INSERT INTO booking (event, reference, number, seats, booked_at, holder, cancelled_at)
VALUES (:event, :reference, :number, :seats, :booked_at, :holder, :cancelled_at);

-- name: cancel_booking
-- Take note that a booking was cancelled.
UPDATE booking SET cancelled_at = :cancelled_at WHERE event = :event AND reference = :reference;

-- name: add_history
-- Write down what became of a seat.
INSERT INTO history (event, version, seat, changed_at, change, holder)
VALUES (:event, :version, :seat, :changed_at, :change, :holder);

-- name: history_since
-- What became of seats after a version; of the last version that fits, all of it.
SELECT version, changed_at, seat, change, holder FROM history
WHERE event = :event AND version > :version AND version <= COALESCE(
    (SELECT version FROM history WHERE event = :event AND version > :version
     ORDER BY version LIMIT 1 OFFSET :most - 1),
    (SELECT MAX(version) FROM history WHERE event = :event)
)
ORDER BY version;

-- name: last_history
-- The version of the last change that was written down.
SELECT MAX(version) AS version FROM history WHERE event = :event;

-- name: find_answer
-- What is known of a request that was sent with a key.
SELECT digest, begun_at, answer FROM answer
WHERE event = :event AND holder = :holder AND idempotency_key = :key;

-- name: begin_answer
-- Take note that a request is being carried out.
INSERT INTO answer (event, holder, idempotency_key, digest, begun_at)
VALUES (:event, :holder, :key, :digest, :begun_at)
ON CONFLICT (event, holder, idempotency_key) DO UPDATE SET
    digest = excluded.digest, begun_at = excluded.begun_at, answer = NULL;

-- name: finish_answer
-- Keep the answer to a request, unless another one was sent with the key meanwhile.
UPDATE answer SET answer = :answer
WHERE event = :event AND holder = :holder AND idempotency_key = :key AND begun_at = :begun_at;

-- name: forget_answer
-- Forget a request that failed, unless it has an answer, or another one was sent with the key
-- meanwhile.
DELETE FROM answer
WHERE event = :event AND holder = :holder AND idempotency_key = :key AND begun_at = :begun_at
    AND answer IS NULL;

-- name: forget_old_answers
-- Forget requests that began before some time.
DELETE FROM answer WHERE event = :event AND begun_at <= :before;

-- name: list_migrations
-- The steps that the schema has taken.
SELECT number, name, applied_at FROM migration ORDER BY number;

-- name: note_migration
-- Take note of a step that the schema has taken.
INSERT INTO migration (number, name) VALUES (:number, :name);

-- name: latest_version
-- The latest version of any event.
SELECT MAX(version) AS version FROM event;

-- name: restart_versions
-- Let the versions of every event go on from a later one, as if it had been described anew then.
UPDATE event SET version = :version, begun_at = :version, described_at = :version;

-- name: events_with_locks
-- The events of which seats are locked.
SELECT DISTINCT event FROM seat WHERE status = 'locked';
