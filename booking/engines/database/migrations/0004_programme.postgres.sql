-- The list of events in the order of their dates. Events without a date come last: 1e15 is never.

ALTER TABLE description
    ADD COLUMN listed_at DOUBLE PRECISION,
    ADD COLUMN over_at DOUBLE PRECISION NOT NULL DEFAULT 1e15;

UPDATE description SET
    listed_at = CASE
        WHEN event <> 'default' OR document::json ->> 'given_name' <> ''
            OR document::json -> 'plan' ->> 'name' <> ''
        THEN COALESCE((document::json ->> 'starts_at')::double precision, 1e15)
    END,
    over_at = COALESCE(
        GREATEST(
            (document::json ->> 'starts_at')::double precision,
            (document::json ->> 'on_sale_until')::double precision
        ),
        1e15
    );

CREATE INDEX description_by_date ON description (listed_at, event);
