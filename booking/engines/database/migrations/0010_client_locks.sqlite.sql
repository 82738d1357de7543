-- Whom a lock counts against, while it is one: a keyed digest of an address, in hexadecimal. And how
-- many locks of its holder on that seat ran out before.
ALTER TABLE seat ADD COLUMN client TEXT;
ALTER TABLE seat ADD COLUMN ran_out INTEGER;

CREATE INDEX seat_by_client ON seat (client) WHERE client IS NOT NULL;
