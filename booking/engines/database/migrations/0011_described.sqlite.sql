-- Each description that an event has had, by the version and the mark of the transaction that wrote it.
-- So a process that knows an event by an earlier description, and missed those after it, does not take
-- the database for one that was put back.

CREATE TABLE described (
    event TEXT NOT NULL,
    version BIGINT NOT NULL,
    mark BIGINT NOT NULL,
    PRIMARY KEY (event, version, mark)
) WITHOUT ROWID;

INSERT INTO described (event, version, mark) SELECT event, described_at, described_mark FROM event;
