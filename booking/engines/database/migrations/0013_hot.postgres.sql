-- Nothing looks for seats by their versions any more: changed_seats in queries.sql asks the history.
-- Without that index, and with a quarter of each page left for the next rows of its seats, no index
-- has to learn of what becomes of a seat.

DROP INDEX seat_by_version;
ALTER TABLE seat SET (fillfactor = 75);

-- What lists coming events, or reminds of them, does not look at those that are over.
DROP INDEX description_by_date;
CREATE INDEX description_by_end ON description (over_at, listed_at, event);
CREATE INDEX description_by_start ON description (starts_at);
CREATE INDEX disputed_seat ON booked_seat (event, seat) WHERE disputed;
