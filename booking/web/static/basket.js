/** What this browser has of the event: seats that are held for it, and its bookings. Who it is, is in
 * a cookie that no script can read: the service says what belongs to it. */

import { get, introduce, Problem, post, retrying } from "./api.js";
import { ConfirmKey } from "./confirm-key.js";
import { whyGone } from "./gone-locks.js";
import { Locks } from "./locks.js";
import { otherPages } from "./other-pages.js";
import { page } from "./page.js";
import { onWaking } from "./waking.js";

/** Seats that run out no further apart, in milliseconds, have the same deadline. */
const TOGETHER_MS = 100;

/**
 * Events: "change" with the ids of seats that look different now; "shrunk" when some went by themselves;
 * "gone" with these and why, as soon as that is known; "booked" with a booking.
 *
 * Calls are made one after the other. The first one gets the cookie that the next ones bring.
 */
export class Basket extends EventTarget {
  held = new Locks();
  /** Seats that were asked for, without an answer yet. */
  asking = /** @type {Set<string>} */ (new Set());
  bookings = /** @type {BookingDocument[]} */ ([]);
  /** The seats in them. */
  booked = /** @type {Set<string>} */ (new Set());
  /** Seats that the organiser does not allow to leave alone, and that would be if all were booked. */
  leavesSingle = /** @type {string[]} */ ([]);
  /** Whether an answer to a confirm is awaited. */
  confirming = false;
  /** Whether the page has slept, and does not know yet what became of the seats. */
  unsure = false;
  #queue = /** @type {Promise<unknown>} */ (retrying(introduce));
  #key = new ConfirmKey();
  #updating = false;
  #others = otherPages(() => this.#update(true));

  constructor() {
    super();
    onWaking(() => this.#doubt());
    document.addEventListener("visibilitychange", () => {
      if (!document.hidden) this.#update();
    });
    setInterval(() => this.#expire(), 200);
  }

  /** Milliseconds until the first seat runs out; null without one. */
  get timeLeft() {
    return this.held.size ? this.held.deadline - performance.now() : null;
  }

  /** Ask the service what belongs to this browser, until it answers. */
  refresh() {
    return retrying(() => this.#inTurn(() => this.#read()));
  }

  /** @param {string} id */
  async add(id) {
    this.asking.add(id);
    this.#tell("change", [id]);
    try {
      // Proxies read "/" and ".." in a path in ways of their own, even if they are encoded.
      const inBody = /^\.+$|\//.test(id);
      await this.#inTurn(() =>
        inBody ? this.#lock("lock", { seats: [id] }) : this.#lock(`lock/${encodeURIComponent(id)}`),
      );
    } finally {
      this.asking.delete(id);
      this.#tell("change", [id]);
    }
  }

  /**
   * Lock the best seats there are. Resolves to their ids.
   * @param {{count: number, category?: string, split: boolean}} wish
   */
  addBest(wish) {
    return this.#inTurn(() => this.#lock("lock", { best_available: wish }));
  }

  /** @param {string[]} ids */
  async remove(ids) {
    for (const id of ids) this.held.delete(id);
    this.#tell("change", ids);
    await this.#inTurn(async () => {
      try {
        await post("release", { seats: ids });
        // What is left may leave a seat alone, or no longer.
        if (page.event.policy.forbid_single_seats) await this.#read(true);
      } catch (problem) {
        if (!(problem instanceof Problem)) throw problem;
        if (problem.outcomeUnknown) this.refresh();
        else await this.#read();
        // It ran out at the same moment: that is what was wanted.
        if (!["lock_expired", "seat_not_locked"].includes(problem.code)) throw problem;
      }
      this.#others();
    });
  }

  /** Ask for more time. Resolves to whether there is more now. */
  extend() {
    return this.#inTurn(async () => {
      const before = this.held.deadline;
      await this.#extend([...this.held.keys()]);
      this.#others();
      return this.held.deadline > before + 1000;
    });
  }

  /**
   * Book these seats, which are all that are held: if it is another number when the service gets
   * the call, it books nothing. If the answer got lost, to ask again books nothing twice.
   * @param {string[]} seats
   * @param {{[question: string]: string | boolean}} [details] what the organiser asks
   */
  confirm(seats, details) {
    this.confirming = true;
    this.#tell("change", seats);
    return this.#inTurn(async () => {
      const body = { expect: seats.length, details };
      try {
        // For other seats or answers, it is another request.
        const headers = { "Idempotency-Key": this.#key.for(JSON.stringify([seats, body])) };
        /** @type {{booking: BookingDocument}} */
        const { booking } = (await post("confirm", body, { headers })).document;
        this.#key.forget();
        for (const id of booking.seats) this.held.delete(id);
        this.leavesSingle = [];
        this.#setBookings([...this.bookings, booking]);
        this.#tell("booked", booking);
      } catch (problem) {
        if (!(problem instanceof Problem)) throw problem;
        if (problem.outcomeUnknown) {
          problem.code = "outcome_unknown";
          this.refresh();
        } else {
          // The database may have lost an answer: then these seats are not held but booked.
          const booked = await this.#read(true).catch(() => []);
          this.#key.forget();
          if (booked.length) return;
        }
        throw problem;
      } finally {
        this.confirming = false;
        this.#tell("change", seats);
        this.#others();
      }
    });
  }

  /** @param {string} reference */
  cancel(reference) {
    return this.#inTurn(async () => {
      try {
        await post(`bookings/${encodeURIComponent(reference)}/cancel`);
      } finally {
        await this.#read(true).catch(() => {});
        this.#others();
      }
    });
  }

  /**
   * @param {string} address
   * @param {unknown} [body]
   * @returns {Promise<string[]>}
   */
  async #lock(address, body) {
    try {
      /** @type {{document: LockedDocument, calledAt: number}} */
      const { document, calledAt } = await post(address, body);
      const seats = document.seats ?? (document.seat ? [document.seat] : []);
      this.held.take(seats, document.expires_in, calledAt);
      this.leavesSingle = document.leaves_single ?? [];
      const ids = seats.map((seat) => seat.id);
      this.#tell("change", ids);
      this.#inTurn(() => this.#renew());
      this.#others();
      return ids;
    } catch (problem) {
      if (!(problem instanceof Problem)) throw problem;
      // An answer that was lost before, or another page of this browser: it is here already.
      if (problem.document.held_by_you || problem.document.booked_by_you) return this.#read();
      // Maybe it was carried out: then it shows as soon as the service is back.
      if (problem.outcomeUnknown) this.refresh();
      throw problem;
    }
  }

  /** A party stays together: all seats of the basket get as much time as the latest, to the moment. */
  async #renew() {
    const mayGrow = [...this.held].filter(([, { atLimit }]) => !atLimit);
    const deadlines = mayGrow.map(([, { deadline }]) => deadline);
    if (Math.max(...deadlines) - Math.min(...deadlines) < TOGETHER_MS) return;
    // If it fails, they run out when they would have anyway, and it is told then.
    await this.#extend(mayGrow.map(([id]) => id)).catch(() => this.#update());
    this.#others();
  }

  /** @param {string[]} ids */
  async #extend(ids) {
    /** @type {{document: LockedDocument, calledAt: number}} */
    const { document, calledAt } = await post("extend", { seats: ids });
    // Some may have been given back meanwhile.
    const givenBack = ids.filter((id) => !this.held.has(id));
    this.held.take(document.seats ?? [], document.expires_in, calledAt);
    for (const id of givenBack) this.held.delete(id);
    this.#tell("change", ids);
  }

  /**
   * What another page of this browser did, or the buyer, is no news: `quiet`. Then it resolves to the
   * seats of a booking that was not known yet.
   */
  async #read(quiet = false) {
    /** @type {{document: BasketDocument, calledAt: number}} */
    const { document, calledAt } = await get("basket");
    const heldBefore = this.held;
    const before = [...heldBefore.keys(), ...this.booked];
    const known = new Set(this.bookings.map((booking) => booking.reference));
    const found = document.bookings.find(
      (booking) =>
        this.#key.isPending && !known.has(booking.reference) && booking.seats.some((id) => heldBefore.has(id)),
    );
    this.held = new Locks();
    for (const seat of document.seats) this.held.take([seat], seat.expires_in, calledAt);
    this.#setBookings(document.bookings);
    this.leavesSingle = document.leaves_single ?? [];
    this.unsure = false;
    this.#tell("change", [...before, ...this.held.keys(), ...this.booked]);
    if (!this.held.size) this.#key.forget();
    // The answer to a confirm was lost, and this is what it said.
    if (found) this.#tell("booked", found);
    if (quiet) return found?.seats ?? [];
    const gone = [...heldBefore].filter(([id]) => !this.held.has(id) && !this.booked.has(id));
    if (gone.length) this.#tell("shrunk", null);
    for (const each of await whyGone(gone, calledAt)) this.#tell("gone", each);
    return [];
  }

  /** @param {BookingDocument[]} bookings */
  #setBookings(bookings) {
    this.bookings = bookings;
    this.booked = new Set(bookings.flatMap((booking) => booking.seats));
  }

  /** Ask once, unless it is being asked. */
  async #update(quiet = false) {
    if (this.#updating) return;
    this.#updating = true;
    await this.#inTurn(() => this.#read(quiet)).catch(() => {});
    this.#updating = false;
  }

  /** What was held may be another buyer's by now: ask, and until then claim nothing. */
  #doubt() {
    if (!this.held.size || this.unsure) return;
    this.unsure = true;
    this.#tell("change", [...this.held.keys()]);
    this.refresh();
  }

  #expire() {
    const ids = this.held.expired(performance.now());
    if (!ids.length || this.unsure) return;
    // As long as it is not known whether they are booked, only the service can tell.
    if (this.#key.isPending) {
      this.#update();
      return;
    }
    for (const id of ids) this.held.delete(id);
    this.#tell("change", ids);
    this.#tell("shrunk", null);
    this.#tell("gone", { ids, why: "ran_out", isFree: true });
    this.#update();
  }

  /**
   * @template T
   * @param {() => Promise<T>} task
   * @returns {Promise<T>}
   */
  #inTurn(task) {
    const result = this.#queue.then(task);
    this.#queue = result.catch(() => {});
    return result;
  }

  /**
   * @param {string} name
   * @param {unknown} detail
   */
  #tell(name, detail) {
    this.dispatchEvent(new CustomEvent(name, { detail }));
  }
}
