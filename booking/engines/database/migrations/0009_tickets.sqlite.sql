-- A ticket for each booked seat, made when somebody first asks for it. One that is void stays, so that
-- the door can say why it opens nothing.

CREATE TABLE ticket (
    event TEXT NOT NULL,
    code TEXT NOT NULL,
    reference TEXT NOT NULL,
    seat TEXT NOT NULL,
    -- When its holder came in, and at which door; NULL while nobody is in with it.
    entered_at DOUBLE PRECISION,
    door TEXT,
    void_at DOUBLE PRECISION,
    PRIMARY KEY (event, code),
    CHECK ((entered_at IS NULL) = (door IS NULL))
) WITHOUT ROWID;

CREATE UNIQUE INDEX valid_ticket ON ticket (event, seat) WHERE void_at IS NULL;
