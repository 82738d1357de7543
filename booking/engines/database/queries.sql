-- name: find_event
-- An event without its seats.
SELECT document, opened_at, begun_at
FROM event JOIN description ON description.event = event.event
WHERE event.event = :event;

-- name: find_outline
-- What a list shows of an event: its description up to the plan, and the name and the number of seats
-- of the plan; NULL if these are not known.
SELECT :terms AS terms, plan_name, seats FROM description WHERE event = :event;

-- name: time
-- The database's time.
SELECT :time AS now;

-- name: has_event
-- Whether the event exists.
SELECT 1 AS found FROM event WHERE event = :event;

-- name: find_version
-- The versions of an event, and the time. `known` is 1 if the database's present history wrote
-- :known_version with :known_mark. If it is 0, an older state was restored, or this is another
-- database.
SELECT event.version, event.mark, event.opened_at, event.described_at, event.described_mark,
       :time AS now,
       CASE
           WHEN event.version = :known_version AND event.mark = :known_mark THEN 1
           WHEN event.described_at = :known_version AND event.described_mark = :known_mark THEN 1
           WHEN EXISTS (
               SELECT 1 FROM history WHERE history.event = :event
               AND history.version = :known_version AND history.mark = :known_mark
           ) THEN 1
           WHEN EXISTS (
               SELECT 1 FROM described WHERE described.event = :event
               AND described.version = :known_version AND described.mark = :known_mark
           ) THEN 1
           ELSE 0
       END AS known
FROM event WHERE event.event = :event;

-- name: lock_version
-- Like find_version, but lock the event: no other transaction writes to it until this one ends. The
-- time is taken after the lock.
WITH locked AS (
    SELECT event, version, mark, opened_at, described_at, described_mark
    FROM event WHERE event = :event FOR UPDATE
)
SELECT event, version, mark, opened_at, described_at, described_mark, :time AS now,
       CASE
           WHEN version = :known_version AND mark = :known_mark THEN 1
           WHEN described_at = :known_version AND described_mark = :known_mark THEN 1
           WHEN EXISTS (
               SELECT 1 FROM history WHERE history.event = :event
               AND history.version = :known_version AND history.mark = :known_mark
           ) THEN 1
           WHEN EXISTS (
               SELECT 1 FROM described WHERE described.event = :event
               AND described.version = :known_version AND described.mark = :known_mark
           ) THEN 1
           ELSE 0
       END AS known
FROM locked;

-- name: list_events
-- The events after an id, in order: their versions, and when they were described.
SELECT event, version, mark, described_at, described_mark FROM event
WHERE event > :after ORDER BY event LIMIT :most;

-- name: count_seats
-- Count the seats of an event that are taken, and find when the next lock runs out.
SELECT COALESCE(SUM(CASE WHEN status = 'booked' THEN 1 END), 0) AS booked,
       COALESCE(SUM(CASE WHEN status = 'blocked' THEN 1 END), 0) AS blocked,
       COALESCE(SUM(CASE WHEN status = 'locked' AND locked_at + seconds > :now THEN 1 END), 0)
           AS locked,
       MIN(CASE WHEN status = 'locked' AND locked_at + seconds > :now THEN locked_at + seconds END)
           AS next_deadline
FROM seat WHERE event = :event;

-- name: programme
-- The listed events that are not over yet, by date, from after one on: as in list_events. An event is
-- over by 1e15 at the latest. PostgreSQL expects few between two bounds, and so goes by the index.
WITH place AS (
    SELECT COALESCE((SELECT listed_at FROM description WHERE event = :after), -1) AS at
),
page AS (
    SELECT event, listed_at FROM description CROSS JOIN place
    WHERE over_at > :now AND over_at <= 1e15 AND listed_at IS NOT NULL
        AND (listed_at > place.at OR (listed_at = place.at AND event > :after))
    ORDER BY listed_at, event LIMIT :most
)
SELECT event.event, version, mark, described_at, described_mark
FROM page JOIN event ON event.event = page.event
ORDER BY listed_at, event.event;

-- name: find_ended_version
-- The last version of an event that has ended.
SELECT version FROM ended_event WHERE event = :event;

-- name: ended_events_with_rows
-- Events that have ended but still have rows.
SELECT event FROM ended_event
WHERE NOT EXISTS (SELECT 1 FROM event WHERE event.event = ended_event.event) AND (
    EXISTS (SELECT 1 FROM history WHERE history.event = ended_event.event)
    OR EXISTS (SELECT 1 FROM answer WHERE answer.event = ended_event.event)
);

-- name: add_event
-- Open an event.
INSERT INTO event (event, described_at, described_mark, opened_at, begun_at, version, mark)
VALUES (:event, :version, :mark, :version, :version, :version, :mark)
ON CONFLICT (event) DO NOTHING RETURNING event;

-- name: put_description
-- Set what is sold, and under which terms.
INSERT INTO description (event, document, plan_name, seats, listed_at, starts_at, over_at)
VALUES (:event, :document, :plan_name, :seats, :listed_at, :starts_at, :over_at)
ON CONFLICT (event) DO UPDATE SET
    document = excluded.document, plan_name = excluded.plan_name, seats = excluded.seats,
    listed_at = excluded.listed_at, starts_at = excluded.starts_at, over_at = excluded.over_at;

-- name: set_described
-- The description of the event changed at this version, or its versions were restarted.
UPDATE event SET described_at = :described_at, described_mark = :mark, begun_at = :begun_at
WHERE event = :event;

-- name: remember_description
-- Record that the event was described at this version, with the mark of the transaction.
INSERT INTO described (event, version, mark) VALUES (:event, :version, :mark);

-- name: set_version
-- Set the event's latest version, and the mark of the transaction that writes it.
UPDATE event SET version = :version, mark = :mark WHERE event = :event;

-- name: set_versions
-- The same for many events. On several nodes, it would ask all.
UPDATE event SET version = written.column2, mark = written.column3
FROM (
    VALUES (:event, :version, :mark)
) AS written
WHERE event.event = written.column1;

-- name: end_event
-- Remove the event.
DELETE FROM event WHERE event = :event;

-- name: remember_ended
-- Record the last version of an event that ends.
INSERT INTO ended_event (event, version) VALUES (:event, :version)
ON CONFLICT (event) DO UPDATE SET version = excluded.version;

-- name: forget_description
-- Delete the description of an event.
DELETE FROM description WHERE event = :event;

-- name: forget_described
-- Delete what is known of all descriptions of an event.
DELETE FROM described WHERE event = :event;

-- name: forget_seats
-- Delete all seats of an event.
DELETE FROM seat WHERE event = :event;

-- name: forget_bookings
-- Delete all bookings of an event.
DELETE FROM booking WHERE event = :event;

-- name: forget_booked_seats
-- Delete the seats of all bookings of an event.
DELETE FROM booked_seat WHERE event = :event;

-- name: forget_history
-- Delete the history of an event.
DELETE FROM history WHERE event = :event;

-- name: forget_history_of_ended
-- Delete up to :most rows of the history of an event that has ended. Returns a row for each.
DELETE FROM history
WHERE event = :event AND NOT EXISTS (SELECT 1 FROM event WHERE event.event = :event)
    AND (version, seat) IN (
        SELECT version, seat FROM history WHERE event = :event ORDER BY version LIMIT :most
    )
RETURNING 1 AS deleted;

-- name: forget_answers
-- Delete the answers of an event.
DELETE FROM answer WHERE event = :event;

-- name: forget_answers_of_ended
-- Delete up to :most answers of an event that has ended. Returns a row for each.
DELETE FROM answer
WHERE event = :event AND NOT EXISTS (SELECT 1 FROM event WHERE event.event = :event)
    AND (holder, idempotency_key) IN (
        SELECT holder, idempotency_key FROM answer WHERE event = :event
        ORDER BY begun_at LIMIT :most
    )
RETURNING 1 AS deleted;

-- name: changed_seats
-- The ids of the seats that changed after a version and up to another. Every change is in the history,
-- which only grows. So no index needs the versions of seats, and none has to learn of a seat's new row.
SELECT DISTINCT seat FROM history
WHERE event = :event AND version > :version AND version <= :latest;

-- name: find_seats
-- The seats that have ever changed, with their bookings, in order of change.
SELECT seat.seat, seat.version, seat.status, seat.holder, seat.locked_at, seat.seconds,
       seat.taken, seat.ran_out, seat.client, seat.block_name, seat.block_note, booking.reference, :booked_seats AS seats, booking.booked_at, booking.holder AS booked_by
FROM seat
LEFT JOIN booking ON booking.event = seat.event AND booking.reference = seat.reference
WHERE seat.event = :event
ORDER BY seat.version;

-- name: find_seat
-- Like find_seats, for one seat. A seat that has never changed has no row.
SELECT seat.seat, seat.version, seat.status, seat.holder, seat.locked_at, seat.seconds,
       seat.taken, seat.ran_out, seat.client, seat.block_name, seat.block_note, booking.reference, :booked_seats AS seats, booking.booked_at, booking.holder AS booked_by
FROM seat
LEFT JOIN booking ON booking.event = seat.event AND booking.reference = seat.reference
WHERE seat.event = :event AND seat.seat = :seat;

-- name: seats_booked_otherwise
-- Seats in a live booking whose rows say otherwise.
SELECT booked_seat.seat, COALESCE(seat.version, 0) AS version, 'booked' AS status,
       NULL AS holder, NULL AS locked_at, NULL AS seconds,
       NULL AS taken, NULL AS ran_out, NULL AS client, NULL AS block_name, NULL AS block_note, booking.reference, :booked_seats AS seats, booking.booked_at, booking.holder AS booked_by
FROM booked_seat
JOIN booking ON booking.event = booked_seat.event AND booking.reference = booked_seat.reference
LEFT JOIN seat ON seat.event = booked_seat.event AND seat.seat = booked_seat.seat
WHERE booked_seat.event = :event AND booked_seat.given_back_at IS NULL AND NOT booked_seat.disputed
    AND (seat.reference IS NULL OR seat.reference <> booked_seat.reference);

-- name: put_seat
-- Replace the row of a seat. If the row no longer has the version :previous, the new version is
-- NULL, which the table refuses.
INSERT INTO seat (
    event, seat, version, previous, status, holder, locked_at, seconds, taken, ran_out, client,
    reference, block_name, block_note
)
VALUES (:event, :seat, :version, :previous, :status, :holder, :locked_at, :seconds, :taken, :ran_out, :client, :reference, :block_name, :block_note)
ON CONFLICT (event, seat) DO UPDATE SET
    version = CASE WHEN seat.version = excluded.previous THEN excluded.version END,
    previous = excluded.previous, status = excluded.status, holder = excluded.holder,
    locked_at = excluded.locked_at, seconds = excluded.seconds, taken = excluded.taken,
    ran_out = excluded.ran_out, client = excluded.client,
    reference = excluded.reference, block_name = excluded.block_name,
    block_note = excluded.block_note;

-- name: locks_elsewhere
-- The locks of a client in other events, and when each runs out.
SELECT seat.client, seat.locked_at + seat.seconds AS deadline FROM seat
WHERE seat.client = :client AND seat.event <> :event AND seat.status = 'locked';

-- name: disputed_seats
-- Seats that were already in two live bookings when the schema began to refuse that.
SELECT event, seat, reference FROM booked_seat WHERE disputed AND given_back_at IS NULL
ORDER BY event, seat;

-- name: find_booking
-- A booking, by its reference.
SELECT reference, :booked_seats AS seats, booked_at, holder, cancelled_at FROM booking
WHERE event = :event AND reference = :reference;

-- name: find_event_of_booking
-- The event of a booking.
SELECT event FROM booking WHERE reference = :reference;

-- name: list_bookings
-- Bookings after a number, in the order in which they were made, with their details.
SELECT number, booking.reference, :booked_seats AS seats, booked_at, holder, cancelled_at, details
FROM booking
LEFT JOIN booking_details ON booking_details.event = booking.event
    AND booking_details.reference = booking.reference
WHERE booking.event = :event AND number > :after ORDER BY number LIMIT :most;

-- name: find_details
-- The details of a booking.
SELECT details FROM booking_details WHERE event = :event AND reference = :reference;

-- name: put_details
-- Keep the details of a booking.
INSERT INTO booking_details (event, reference, details, email)
VALUES (:event, :reference, :details, :email)
ON CONFLICT (event, reference) DO UPDATE SET details = excluded.details, email = excluded.email;

-- name: bookings_of_address
-- The live bookings of an address for events that are not over, the latest first.
SELECT booking.event, booking.reference FROM booking_details
JOIN booking ON booking.event = booking_details.event
    AND booking.reference = booking_details.reference
JOIN description ON description.event = booking_details.event
WHERE email = :email AND cancelled_at IS NULL AND over_at > :now
ORDER BY booked_at DESC LIMIT :most;

-- name: erase_details
-- Forget the details of a booking.
DELETE FROM booking_details WHERE event = :event AND reference = :reference;

-- name: forget_details
-- Forget the details of all bookings of an event.
DELETE FROM booking_details WHERE event = :event;

-- name: events_with_details
-- The events of which bookings have details, and when they are over.
SELECT DISTINCT booking_details.event, over_at FROM booking_details
JOIN description ON description.event = booking_details.event;

-- name: forget_old_details
-- Forget the details of bookings of an event that were made before some time, some rows at a time.
-- Returns a row for each.
DELETE FROM booking_details
WHERE event = :event AND reference IN (
    SELECT booking.reference FROM booking
    JOIN booking_details AS old ON old.event = booking.event AND old.reference = booking.reference
    WHERE booking.event = :event AND booking.booked_at <= :before
    ORDER BY booking.reference LIMIT :most
)
RETURNING 1 AS deleted;

-- name: add_booking
-- Add a booking.
INSERT INTO booking (event, reference, number, booked_at, holder, cancelled_at)
VALUES (:event, :reference, :number, :booked_at, :holder, :cancelled_at);

-- name: add_booked_seat
-- Add a seat to a booking. The table refuses a second live booking of the seat.
INSERT INTO booked_seat (event, reference, seat, position, given_back_at)
VALUES (:event, :reference, :seat, :position, :given_back_at);

-- name: give_back
-- Give back the seats of a booking.
UPDATE booked_seat SET given_back_at = :given_back_at
WHERE event = :event AND reference = :reference AND given_back_at IS NULL;

-- name: forget_seats_of_booking
-- Delete the seats of a booking, before its seats of now are added.
DELETE FROM booked_seat WHERE event = :event AND reference = :reference;

-- name: cancel_booking
-- Cancel a booking.
UPDATE booking SET cancelled_at = :cancelled_at WHERE event = :event AND reference = :reference;

-- name: find_ticket
-- A ticket, by its code.
SELECT code, reference, seat, entered_at, door, void_at FROM ticket
WHERE event = :event AND code = :code;

-- name: valid_tickets
-- The tickets of an event that are not void.
SELECT code, reference, seat, entered_at, door, void_at FROM ticket
WHERE event = :event AND void_at IS NULL;

-- name: find_valid_ticket
-- The ticket of a seat that is not void.
SELECT code, reference, seat, entered_at, door, void_at FROM ticket
WHERE event = :event AND seat = :seat AND void_at IS NULL;

-- name: put_ticket
-- Keep a ticket, or what has become of it. The table refuses a second valid ticket of a seat.
INSERT INTO ticket (event, code, reference, seat, entered_at, door, void_at)
VALUES (:event, :code, :reference, :seat, :entered_at, :door, :void_at)
ON CONFLICT (event, code) DO UPDATE SET
    entered_at = excluded.entered_at, door = excluded.door, void_at = excluded.void_at;

-- name: forget_tickets
-- Delete all tickets of an event.
DELETE FROM ticket WHERE event = :event;

-- name: add_history
-- Record a change of a seat, with the mark of the transaction.
INSERT INTO history (event, version, seat, changed_at, change, holder, actor, note, mark)
VALUES (:event, :version, :seat, :changed_at, :change, :holder, :actor, :note, :mark);

-- name: history_since
-- The changes of seats after a version: about :most rows, and the last version in full.
SELECT version, changed_at, seat, change, holder, actor, note FROM history
WHERE event = :event AND version > :version AND version <= COALESCE(
    (SELECT version FROM history WHERE event = :event AND version > :version
     ORDER BY version LIMIT 1 OFFSET :most - 1),
    (SELECT MAX(version) FROM history WHERE event = :event)
)
ORDER BY version;

-- name: has_history
-- Whether any seat changed at a version.
SELECT 1 AS found FROM history WHERE event = :event AND version = :version LIMIT 1;

-- name: last_history
-- The version of the last recorded change.
SELECT MAX(version) AS version FROM history WHERE event = :event;

-- name: find_answer
-- The answer to a request with a key. An earlier version wrote rows without one for requests that it
-- had begun.
SELECT holder, idempotency_key, digest, begun_at, answer FROM answer
WHERE event = :event AND holder = :holder AND idempotency_key = :key AND answer IS NOT NULL;

-- name: put_answer
-- Keep the answer to a request with a key, in the place of an older one.
INSERT INTO answer (event, holder, idempotency_key, digest, begun_at, answer)
VALUES (:event, :holder, :key, :digest, :begun_at, :answer)
ON CONFLICT (event, holder, idempotency_key) DO UPDATE SET
    digest = excluded.digest, begun_at = excluded.begun_at, answer = excluded.answer;

-- name: next_event_with_answers
-- The first event after an id that still has answers.
SELECT event FROM answer WHERE event > :after ORDER BY event LIMIT 1;

-- name: forget_old_answers
-- Delete up to :most answers that were given by a time. Returns a row for each.
DELETE FROM answer
WHERE event = :event AND (holder, idempotency_key) IN (
    SELECT holder, idempotency_key FROM answer WHERE event = :event AND begun_at <= :before
    ORDER BY begun_at LIMIT :most
)
RETURNING 1 AS deleted;

-- name: list_migrations
-- The migrations that have been applied to the schema.
SELECT number, name, applied_at FROM migration ORDER BY number;

-- name: add_migration
-- Record that a migration has been applied.
INSERT INTO migration (number, name) VALUES (:number, :name);

-- name: latest_version
-- The latest version of any event.
SELECT MAX(version) AS version FROM event;

-- name: restart_versions
-- Restart the versions of every event at a later one. Whatever a client or a process remembers of
-- earlier versions belongs to another history.
UPDATE event SET version = :version, begun_at = :version, described_at = :version,
    mark = :mark, described_mark = :mark;

-- name: events_with_locks
-- Events that are not over and have locked seats. EXISTS would let PostgreSQL read the seats of those
-- that are over, too.
SELECT event FROM description
WHERE over_at > :now AND over_at <= 1e15 AND 0 < (
    SELECT COUNT(*) FROM seat WHERE seat.event = description.event AND seat.status = 'locked'
);

-- name: check_counts
-- The number of events, live bookings and booked seats.
SELECT (SELECT COUNT(*) FROM event) AS events,
       (SELECT COUNT(*) FROM booking WHERE cancelled_at IS NULL) AS bookings,
       (SELECT COUNT(*) FROM booked_seat WHERE given_back_at IS NULL) AS seats;

-- name: check_sold_twice
-- Seats in several live bookings, which the unique index should have refused.
SELECT event, seat, COUNT(*) AS bookings FROM booked_seat
WHERE given_back_at IS NULL AND NOT disputed
GROUP BY event, seat HAVING COUNT(*) > 1 ORDER BY event, seat;

-- name: check_booked_without_booking
-- Seats marked as booked that are not in that live booking.
SELECT seat.event, seat.seat, seat.reference FROM seat
WHERE seat.status = 'booked' AND NOT EXISTS (
    SELECT 1 FROM booked_seat WHERE booked_seat.event = seat.event
    AND booked_seat.reference = seat.reference AND booked_seat.seat = seat.seat
    AND booked_seat.given_back_at IS NULL
) ORDER BY seat.event, seat.seat;

-- name: check_booking_without_seat
-- Seats in a live booking whose rows say otherwise.
SELECT booked_seat.event, booked_seat.seat, booked_seat.reference FROM booked_seat
LEFT JOIN seat ON seat.event = booked_seat.event AND seat.seat = booked_seat.seat
WHERE booked_seat.given_back_at IS NULL AND NOT booked_seat.disputed
    AND (seat.reference IS NULL OR seat.reference <> booked_seat.reference)
ORDER BY booked_seat.event, booked_seat.seat;

-- name: check_bookings_without_seats
-- Bookings without seats.
SELECT event, reference FROM booking WHERE NOT EXISTS (
    SELECT 1 FROM booked_seat WHERE booked_seat.event = booking.event
    AND booked_seat.reference = booking.reference
) ORDER BY event, reference;

-- name: check_seats_without_booking
-- Booked seats whose booking does not exist.
SELECT event, seat, reference FROM booked_seat WHERE NOT EXISTS (
    SELECT 1 FROM booking WHERE booking.event = booked_seat.event
    AND booking.reference = booked_seat.reference
) ORDER BY event, seat;

-- name: check_given_back
-- Seats that a cancelled booking still has, or that a live booking has given back.
SELECT booking.event, booking.reference, booked_seat.seat FROM booking
JOIN booked_seat
    ON booked_seat.event = booking.event AND booked_seat.reference = booking.reference
WHERE (booking.cancelled_at IS NULL) <> (booked_seat.given_back_at IS NULL)
ORDER BY booking.event, booking.reference;

-- name: check_tickets
-- Valid tickets of seats that are not in that live booking.
SELECT ticket.event, ticket.seat, ticket.reference FROM ticket
WHERE ticket.void_at IS NULL AND NOT EXISTS (
    SELECT 1 FROM booked_seat WHERE booked_seat.event = ticket.event
    AND booked_seat.reference = ticket.reference AND booked_seat.seat = ticket.seat
    AND booked_seat.given_back_at IS NULL
) ORDER BY ticket.event, ticket.seat;

-- name: check_versions
-- Seats with a later version than their event.
SELECT seat.event, seat.seat, seat.version FROM seat JOIN event ON event.event = seat.event
WHERE seat.version > event.version ORDER BY seat.event, seat.seat;

-- name: check_history
-- Events whose history has a later version than the event.
SELECT history.event, MAX(history.version) AS version FROM history
JOIN event ON event.event = history.event
WHERE history.version > event.version GROUP BY history.event ORDER BY history.event;

-- name: check_unplaced
-- Ids of events that do not exist but have seats, bookings or a description.
SELECT DISTINCT event FROM (
    SELECT event FROM seat UNION SELECT event FROM booking UNION SELECT event FROM description
) AS used
WHERE NOT EXISTS (SELECT 1 FROM event WHERE event.event = used.event) ORDER BY event;

-- name: check_seats
-- The ids of an event's seats that have ever changed.
SELECT seat FROM seat WHERE event = :event ORDER BY seat;

-- name: put_key
-- Keep a new key, or change what the key of that name is good for.
INSERT INTO access_key (name, digest, scopes, events, until_at, created_at)
VALUES (:name, :digest, :scopes, :events, :until_at, :created_at)
ON CONFLICT (name) DO UPDATE SET
    scopes = excluded.scopes, events = excluded.events, until_at = excluded.until_at
RETURNING name, digest, scopes, events, until_at, created_at;

-- name: list_keys
-- All keys.
SELECT name, digest, scopes, events, until_at, created_at FROM access_key ORDER BY name;

-- name: find_key
-- The key of a digest, and the time.
SELECT name, digest, scopes, events, until_at, created_at, :time AS now FROM access_key
WHERE digest = :digest;

-- name: end_key
-- Revoke a key.
DELETE FROM access_key WHERE name = :name RETURNING name;

-- name: put_errand
-- Add what waits for the mail. It is due at once.
INSERT INTO outbox (event, version, n, reference, written_at, due_at, document)
VALUES (:event, :version, :number, :reference, :written_at, :written_at, :document);

-- name: due_errands
-- What waits for the mail and is due, the longest due first.
SELECT event, version, n, attempts, document FROM outbox
WHERE due_at <= :now ORDER BY due_at, version, n LIMIT :most;

-- name: forget_errand
-- Forget what waited for the mail.
DELETE FROM outbox WHERE event = :event AND version = :version AND n = :number;

-- name: postpone_errand
-- Count an attempt, and make the next one later.
UPDATE outbox SET due_at = :due_at, attempts = attempts + 1
WHERE event = :event AND version = :version AND n = :number;

-- name: count_errands
-- How much waits for the mail.
SELECT COUNT(*) AS errands FROM outbox;

-- name: forget_errands_of_booking
-- Forget what the people of a booking were to be told.
DELETE FROM outbox WHERE event = :event AND reference = :reference;

-- name: events_with_errands
-- The events of which people wait to be told something, and when they are over; NULL if an event has
-- ended, or if it belongs to none.
SELECT DISTINCT outbox.event, over_at FROM outbox
LEFT JOIN description ON description.event = outbox.event;

-- name: forget_old_errands
-- Forget what the people of bookings of an event were to be told that were made before some time,
-- some rows at a time. Returns a row for each.
DELETE FROM outbox
WHERE event = :event AND (version, n) IN (
    SELECT old.version, old.n FROM outbox AS old
    LEFT JOIN booking ON booking.event = old.event AND booking.reference = old.reference
    WHERE old.event = :event AND COALESCE(booking.booked_at, old.written_at) <= :before
    ORDER BY old.version, old.n LIMIT :most
)
RETURNING 1 AS deleted;

-- name: take_duty
-- Take a duty, or have it for longer. Returns nothing if someone else has it.
INSERT INTO duty (duty, owner, until_at) VALUES (:duty, :owner, :until_at)
ON CONFLICT (duty) DO UPDATE SET owner = excluded.owner, until_at = excluded.until_at
WHERE duty.owner = excluded.owner OR duty.until_at <= :now
RETURNING owner;

-- name: end_duty
-- Give a duty up.
DELETE FROM duty WHERE duty = :duty AND owner = :owner;

-- name: add_shared_key
-- Keep a key that all processes share, unless there is one of that name.
INSERT INTO shared_key (name, value) VALUES (:name, :value) ON CONFLICT (name) DO NOTHING;

-- name: find_shared_key
-- The key of a name.
SELECT value FROM shared_key WHERE name = :name;

-- name: events_to_remind
-- The events that start after now and by a time, and of which nobody has been reminded.
SELECT event FROM description
WHERE starts_at > :now AND starts_at <= :by AND (reminded_of IS NULL OR reminded_of <> starts_at)
ORDER BY event;

-- name: set_reminded
-- Everybody is reminded of the start of an event. Returns nothing if that is so already.
UPDATE description SET reminded_of = starts_at
WHERE event = :event AND (reminded_of IS NULL OR reminded_of <> starts_at)
RETURNING event;
