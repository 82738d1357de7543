-- Nothing looks for seats by their versions any more: changed_seats in queries.sql asks the history.

DROP INDEX seat_by_version;

-- What lists coming events, or reminds of them, does not look at those that are over.
DROP INDEX description_by_date;
CREATE INDEX description_by_end ON description (over_at, listed_at, event);
CREATE INDEX description_by_start ON description (starts_at);
CREATE INDEX disputed_seat ON booked_seat (event, seat) WHERE disputed;
