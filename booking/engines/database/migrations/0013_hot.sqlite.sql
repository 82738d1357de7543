-- Nothing looks for seats by their versions any more: changed_seats in queries.sql asks the history.

DROP INDEX seat_by_version;
