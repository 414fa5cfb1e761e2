/** Is a connection alive? The deadlines of PROTOCOL.md as pure arithmetic; the socket owns the timers. */

export const PING_AFTER = 10_000; // ms of our own silence before we ask
export const PONG_WITHIN = 4_000; // ms the server has to say anything at all

export class Liveness {
  /** @param {number} now ms */
  constructor(now) {
    this.sentAt = now;
    /** When the unanswered ping went out; null when none is open. @type {number | null} */
    this.askedAt = null;
  }

  /** We sent something. @param {number} now */
  sent(now) {
    this.sentAt = now;
  }

  /** Something arrived: whatever it was, the server lives. */
  heard() {
    this.askedAt = null;
  }

  /** We sent a ping. An earlier unanswered one keeps its deadline. @param {number} now */
  asked(now) {
    this.sentAt = now;
    this.askedAt ??= now;
  }

  /** What to do now: `ping`, `drop` or nothing. @param {number} now @returns {'ping' | 'drop' | null} */
  due(now) {
    if (this.askedAt !== null) return now - this.askedAt >= PONG_WITHIN ? 'drop' : null;
    return now - this.sentAt >= PING_AFTER ? 'ping' : null;
  }

  /** When to look again. @returns {number} ms */
  deadline() {
    return this.askedAt !== null ? this.askedAt + PONG_WITHIN : this.sentAt + PING_AFTER;
  }
}
