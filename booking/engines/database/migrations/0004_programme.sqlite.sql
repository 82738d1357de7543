-- The list of events in the order of their dates. Events without a date come last: 1e15 is never.

ALTER TABLE description ADD COLUMN listed_at DOUBLE PRECISION;
ALTER TABLE description ADD COLUMN over_at DOUBLE PRECISION NOT NULL DEFAULT 1e15;

UPDATE description SET
    listed_at = CASE
        WHEN event <> 'default' OR document ->> 'given_name' <> ''
            OR document -> 'plan' ->> 'name' <> ''
        THEN COALESCE(document ->> 'starts_at', 1e15)
    END,
    over_at = COALESCE(
        max(document ->> 'starts_at', document ->> 'on_sale_until'),
        document ->> 'starts_at', document ->> 'on_sale_until', 1e15
    );

CREATE INDEX description_by_date ON description (listed_at, event);
