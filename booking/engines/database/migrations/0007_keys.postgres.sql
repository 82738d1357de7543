-- Keys of organisers. There are few, and they belong to no event. `scopes` and `events` are JSON.

CREATE TABLE access_key (
    name TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    digest TEXT COLLATE "C" NOT NULL UNIQUE,
    scopes TEXT NOT NULL,
    events TEXT,
    until_at DOUBLE PRECISION,
    created_at DOUBLE PRECISION NOT NULL
);
