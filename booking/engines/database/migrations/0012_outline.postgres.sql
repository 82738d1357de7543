-- What a list shows of an event's plan, so that it need not be read: its name, and how many seats it has.
-- They are NULL if the plan is not that simple to look into: with escapes of halves of characters, which
-- PostgreSQL does not take, be they whole together or not.

ALTER TABLE description
    ADD COLUMN plan_name TEXT,
    ADD COLUMN seats INTEGER;

UPDATE description SET
    plan_name = COALESCE(document::json -> 'plan' ->> 'name', ''),
    seats = (
        SELECT COALESCE(SUM(json_array_length(line -> 'seats')), 0)
        FROM json_array_elements(document::json -> 'plan' -> 'zones') AS zone,
            json_array_elements(zone -> 'rows') AS line
    )
WHERE document !~ '\\u(0000|[Dd][89A-Fa-f])';
