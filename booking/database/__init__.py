"""Events, seats and bookings in a database, so that a restart forgets nothing."""
