-- Nothing looks for seats by their versions any more: changed_seats in queries.sql asks the history.
-- Without that index, and with a quarter of each page left for the next rows of its seats, no index
-- has to learn of what becomes of a seat.

DROP INDEX seat_by_version;
ALTER TABLE seat SET (fillfactor = 75);
