// List, lock and confirm seats, on Express in the style of its tutorials: the seats in an object, and
// a timer for each lock. In memory, on PORT of the loopback interface only, with SEATS seats.
"use strict";

const cors = require("cors");
const express = require("express");

const LOCK_SECONDS = 60;

const seats = {};
for (let id = 1; id <= Number(process.env.SEATS); id++) {
  seats[id] = { id: String(id), status: "available" };
}

// For each locked seat, its holder and the timer that releases it.
const locks = new Map();

const app = express();
app.use(cors());
app.use(express.json());

app.get("/seats", (req, res) => {
  res.json(seats);
});

app.post("/lock/:id", (req, res) => {
  const id = req.params.id;
  const holder = req.get("Authorization");
  const seat = seats[id];
  if (!seat) {
    return res.status(404).json({ message: `There is no seat ${id}.` });
  }
  if (!holder) {
    return res.status(401).json({ message: "Say who you are." });
  }
  if (seat.status !== "available") {
    return res.status(409).json({ message: `Seat ${id} is ${seat.status}.` });
  }
  seat.status = "locked";
  const timer = setTimeout(() => {
    locks.delete(id);
    seat.status = "available";
  }, LOCK_SECONDS * 1000);
  locks.set(id, { holder, timer });
  res.json({ message: `Seat ${id} is locked. Confirm it within ${LOCK_SECONDS} seconds.`, seat });
});

app.post("/confirm/:id", (req, res) => {
  const id = req.params.id;
  const seat = seats[id];
  if (!seat) {
    return res.status(404).json({ message: `There is no seat ${id}.` });
  }
  if (seat.status !== "locked") {
    return res.status(409).json({ message: `Seat ${id} is ${seat.status}.` });
  }
  const lock = locks.get(id);
  if (lock.holder !== req.get("Authorization")) {
    return res.status(403).json({ message: `Seat ${id} is locked by someone else.` });
  }
  clearTimeout(lock.timer);
  locks.delete(id);
  seat.status = "booked";
  res.json({ message: `Seat ${id} is booked.`, seat });
});

app.listen(Number(process.env.PORT), "127.0.0.1");
