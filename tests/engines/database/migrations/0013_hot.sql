-- What the program kept at step 0012: an event with a booking, one that was cancelled, a lock of
-- 60 s from the Unix time 1800000010 on, a blocked seat, and an answer; and two events that ended.

INSERT INTO event (event, described_at, described_mark, opened_at, begun_at, version, mark) VALUES
('gala', 1800000000000, 11, 1800000000000, 1800000000000, 1800000010000, 17);

INSERT INTO description (event, plan_name, seats, listed_at, over_at, document) VALUES
('gala', 'The hall', 6, 1800100000.0, 1800100000.0, '{"given_name":"The gala","starts_at":1800100000.0,"on_sale_from":null,"on_sale_until":null,"time_zone":"+01:00","doors_at":null,"ends_at":null,"place":"The hall","description":"","visibility":"public","policy":{"lock_seconds":60,"max_lock_seconds":300,"max_seats_per_holder":4,"forbid_single_seats":false,"cancel_until":null,"ask":[{"id":"name","kind":"name","required":false,"text":"","choices":[]}]},"plan":{"name":"The hall","categories":[{"name":"standard","color":"#0072b2"}],"zones":[{"name":"main","position":{"x":0,"y":0},"rows":[{"row_number":"A","position":{"x":0,"y":0},"seats":[{"seat_guid":"A1","seat_number":"1","category":"standard","position":{"x":25,"y":25}},{"seat_guid":"A2","seat_number":"2","category":"standard","position":{"x":50,"y":25}},{"seat_guid":"A3","seat_number":"3","category":"standard","position":{"x":75,"y":25}}]},{"row_number":"B","position":{"x":0,"y":0},"seats":[{"seat_guid":"B1","seat_number":"1","category":"standard","position":{"x":25,"y":50}},{"seat_guid":"B2","seat_number":"2","category":"standard","position":{"x":50,"y":50}},{"seat_guid":"B3","seat_number":"3","category":"standard","position":{"x":75,"y":50}}]}],"areas":[]}],"size":{"width":100,"height":75}}}');

INSERT INTO ended_event (event, version) VALUES
('over', 1900000000000),
('default', 1800000000000);

INSERT INTO seat (event, seat, version, previous, status, holder, locked_at, seconds, reference) VALUES
('gala', 'A1', 1800000000002, 1800000000001, 'booked', NULL, NULL, NULL, 'AAAAA-AAAAA'),
('gala', 'A2', 1800000000002, 1800000000001, 'booked', NULL, NULL, NULL, 'AAAAA-AAAAA'),
('gala', 'B1', 1800000000005, 1800000000004, 'available', NULL, NULL, NULL, NULL),
('gala', 'B3', 1800000000006, 0, 'blocked', NULL, NULL, NULL, NULL),
('gala', 'A3', 1800000010000, 0, 'locked', '6161616161616161616161616161616161616161616161616161616161616161', 1800000010.0, 60.0, NULL);

INSERT INTO booking (event, reference, number, booked_at, holder, cancelled_at) VALUES
('gala', 'AAAAA-AAAAA', 1800000000002, 1800000000.0, '6161616161616161616161616161616161616161616161616161616161616161', NULL),
('gala', 'BBBBB-BBBBB', 1800000000004, 1800000000.0, '6262626262626262626262626262626262626262626262626262626262626262', 1800000000.0);

INSERT INTO booked_seat (event, reference, seat, position, given_back_at) VALUES
('gala', 'AAAAA-AAAAA', 'A1', 0, NULL),
('gala', 'AAAAA-AAAAA', 'A2', 1, NULL),
('gala', 'BBBBB-BBBBB', 'B1', 0, 1800000000.0);

INSERT INTO history (event, version, seat, changed_at, change, holder, mark) VALUES
('gala', 1800000000001, 'A1', 1800000000.0, 'locked', '6161616161616161616161616161616161616161616161616161616161616161', 11),
('gala', 1800000000001, 'A2', 1800000000.0, 'locked', '6161616161616161616161616161616161616161616161616161616161616161', 11),
('gala', 1800000000002, 'A1', 1800000000.0, 'booked', '6161616161616161616161616161616161616161616161616161616161616161', 12),
('gala', 1800000000002, 'A2', 1800000000.0, 'booked', '6161616161616161616161616161616161616161616161616161616161616161', 12),
('gala', 1800000000003, 'B1', 1800000000.0, 'locked', '6262626262626262626262626262626262626262626262626262626262626262', 13),
('gala', 1800000000004, 'B1', 1800000000.0, 'booked', '6262626262626262626262626262626262626262626262626262626262626262', 14),
('gala', 1800000000005, 'B1', 1800000000.0, 'cancelled', '6262626262626262626262626262626262626262626262626262626262626262', 15),
('gala', 1800000000006, 'B3', 1800000000.0, 'blocked', NULL, 16),
('gala', 1800000010000, 'A3', 1800000010.0, 'locked', '6161616161616161616161616161616161616161616161616161616161616161', 17);

INSERT INTO answer (event, holder, idempotency_key, digest, begun_at, answer) VALUES
('gala', '6161616161616161616161616161616161616161616161616161616161616161', 'key', '6464646464646464646464646464646464646464646464646464646464646464', 1800000000.0, '{"status": 200}');

INSERT INTO booking_details (event, reference, details) VALUES
('gala', 'AAAAA-AAAAA', '{"answers":{"name":"Ann"}}');

UPDATE seat SET block_name = 'press', block_note = '' WHERE seat = 'B3';
UPDATE history SET actor = 'administrator', note = 'for the press' WHERE seat = 'B3';

INSERT INTO access_key (name, digest, scopes, events, until_at, created_at) VALUES
('till', '6161616161616161616161616161616161616161616161616161616161616161', '["sell"]', NULL, NULL, 1800000000.0);

UPDATE seat SET client = '65656565656565656565656565656565', ran_out = 1 WHERE seat = 'A3';

INSERT INTO shared_key (name, value) VALUES
('clients', '6161616161616161616161616161616161616161616161616161616161616161');

INSERT INTO described (event, version, mark) VALUES
('gala', 1800000000000, 11);
