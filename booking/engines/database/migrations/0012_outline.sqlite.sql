-- What a list shows of an event's plan, so that it need not be read: its name, and how many seats it has.
-- They are NULL if the description makes no sense.

ALTER TABLE description ADD COLUMN plan_name TEXT;
ALTER TABLE description ADD COLUMN seats INTEGER;

UPDATE description SET
    plan_name = COALESCE(document -> 'plan' ->> 'name', ''),
    seats = (
        SELECT COALESCE(SUM(json_array_length(line.value, '$.seats')), 0)
        FROM json_each(document, '$.plan.zones') AS zone, json_each(zone.value, '$.rows') AS line
    )
WHERE json_valid(document);
