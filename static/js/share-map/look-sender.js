/**
 * Tells the room where we look: at most 20 messages a second, the newest wins, and not a word
 * when nothing changed. Timers come from outside, so that a test can be the clock.
 */

/** @typedef {import('./wire.js').LatLng} LatLng */
/** @typedef {import('./wire.js').View} View */
/** @typedef {{type: 'look', at?: LatLng | null, view?: View}} LookMessage */

/** The server's tick: faster is of no use to anybody. */
export const INTERVAL = 50;

/** About 0.1 m and a hundredth of a zoom level: what an eye could tell. */
const DEGREES = 1e6;
const LEVELS = 1e2;

/** @param {number} value @param {number} steps */
const round = (value, steps) => Math.round(value * steps) / steps;

/** @param {readonly number[] | null | undefined} a @param {readonly number[] | null | undefined} b */
const same = (a, b) => a === b || (!!a && !!b && a.every((value, i) => value === b[i]));

export class LookSender {
  /** @type {LatLng | null | undefined} */ #at;
  /** @type {View | undefined} */ #view;
  /** @type {LatLng | null | undefined} */ #sentAt = null;
  /** @type {View | undefined} */ #sentView;
  #due = 0;
  /** @type {unknown} */ #timer = null;

  /**
   * @param {(message: LookMessage) => void} send
   * @param {{now: () => number, after: (ms: number, fn: () => void) => unknown,
   *   cancel: (timer: any) => void}} clock
   */
  constructor(send, clock) {
    this.send = send;
    this.clock = clock;
  }

  /** @param {LatLng | null} at  null: the pointer left the map */
  point(at) {
    this.#at = at && [round(at[0], DEGREES), round(at[1], DEGREES)];
    this.#plan();
  }

  /** @param {View} view */
  look([lat, lng, zoom]) {
    this.#view = [round(lat, DEGREES), round(lng, DEGREES), round(zoom, LEVELS)];
    this.#plan();
  }

  /** A fresh join: the room knows nothing of us, say it all again. */
  again() {
    this.close();
    this.#due = 0;
    this.#sentAt = null;
    this.#sentView = undefined;
    this.#plan();
  }

  close() {
    if (this.#timer !== null) this.clock.cancel(this.#timer);
    this.#timer = null;
  }

  #plan() {
    if (this.#timer !== null || !this.#news()) return;
    const wait = this.#due - this.clock.now();
    if (wait <= 0) this.#flush();
    else this.#timer = this.clock.after(wait, () => this.#flush());
  }

  /** @returns {LookMessage | null} */
  #news() {
    const at = this.#at !== undefined && !same(this.#at, this.#sentAt);
    const view = this.#view !== undefined && !same(this.#view, this.#sentView);
    if (!at && !view) return null;
    return { type: 'look', ...(at && { at: this.#at }), ...(view && { view: this.#view }) };
  }

  #flush() {
    this.#timer = null;
    const message = this.#news();
    if (!message) return;
    this.#due = this.clock.now() + INTERVAL;
    this.#sentAt = this.#at;
    this.#sentView = this.#view;
    this.send(message);
  }
}
