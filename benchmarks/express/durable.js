// Lock and confirm seats, on Express and PostgreSQL. Each step is one conditional statement, which
// is committed before the answer. Listens on PORT of the loopback interface only, with SEATS seats
// in the empty database DATABASE_URL.
"use strict";

const { randomUUID } = require("node:crypto");
const cors = require("cors");
const express = require("express");
const { Pool } = require("pg");

const LOCK_SECONDS = 60;

const SCHEMA = `
  CREATE TABLE seat (
    id TEXT PRIMARY KEY,
    status TEXT NOT NULL DEFAULT 'available',
    holder TEXT,
    deadline TIMESTAMPTZ
  );
  CREATE TABLE booking (
    reference UUID PRIMARY KEY,
    seat TEXT NOT NULL REFERENCES seat (id),
    holder TEXT NOT NULL,
    booked_at TIMESTAMPTZ NOT NULL
  );
`;

const FILL = "INSERT INTO seat (id) SELECT number::text FROM generate_series(1, $1::integer) number";

// Named statements are prepared once per connection, as psycopg does by itself.
const LOCK = {
  name: "lock",
  text: `
    UPDATE seat
    SET status = 'locked', holder = $2, deadline = now() + make_interval(secs => ${LOCK_SECONDS})
    WHERE id = $1 AND (status = 'available' OR status = 'locked' AND deadline <= now())
    RETURNING id, status, deadline`,
};

const CONFIRM = {
  name: "confirm",
  text: `
    WITH booked AS (
      UPDATE seat SET status = 'booked', deadline = NULL
      WHERE id = $1 AND status = 'locked' AND holder = $2 AND deadline > now()
      RETURNING id, status
    ), made AS (
      INSERT INTO booking (reference, seat, holder, booked_at)
      SELECT $3, id, $2, now() FROM booked
    )
    SELECT id, status FROM booked`,
};

const SEE = {
  name: "see",
  text: "SELECT status, deadline <= now() AS over FROM seat WHERE id = $1",
};

const pool = new Pool({ connectionString: process.env.DATABASE_URL, max: 10 });

async function first(statement, ...values) {
  return (await pool.query({ ...statement, values })).rows[0];
}

const app = express();
app.use(cors());
app.use(express.json());

app.post("/lock/:id", async (req, res) => {
  const id = req.params.id;
  const holder = req.get("Authorization");
  if (!holder) {
    return res.status(401).json({ message: "Say who you are." });
  }
  const seat = await first(LOCK, id, holder);
  if (seat) {
    const message = `Seat ${id} is locked. Confirm it within ${LOCK_SECONDS} seconds.`;
    return res.json({ message, seat });
  }
  const found = await first(SEE, id);
  if (!found) {
    return res.status(404).json({ message: `There is no seat ${id}.` });
  }
  res.status(409).json({ message: `Seat ${id} is ${found.status}.` });
});

app.post("/confirm/:id", async (req, res) => {
  const id = req.params.id;
  const holder = req.get("Authorization");
  const reference = randomUUID();
  const seat = await first(CONFIRM, id, holder, reference);
  if (seat) {
    return res.json({ message: `Seat ${id} is booked.`, seat, booking: { reference } });
  }
  const found = await first(SEE, id);
  if (!found) {
    return res.status(404).json({ message: `There is no seat ${id}.` });
  }
  if (found.status === "locked" && found.over) {
    return res.status(409).json({ message: `The lock on seat ${id} has run out.` });
  }
  if (found.status === "locked") {
    return res.status(403).json({ message: `Seat ${id} is locked by someone else.` });
  }
  res.status(409).json({ message: `Seat ${id} is ${found.status}.` });
});

async function main() {
  await pool.query(SCHEMA);
  await pool.query(FILL, [Number(process.env.SEATS)]);
  app.listen(Number(process.env.PORT), "127.0.0.1");
}

main();
