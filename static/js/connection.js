/** Is a connection alive? The deadlines of PROTOCOL.md as pure arithmetic; the socket owns the timers. */

export const PING_AFTER = 10_000; // ms of our own silence before we ask
export const PONG_WITHIN = 4_000; // ms the server has to say anything at all
export const PROOF_WITHIN = 1_000; // ms; the same when media fell silent already

export class Liveness {
  /** @param {number} now ms */
  constructor(now) {
    this.sentAt = now;
    /** When the server must have said something; null when it was not asked. @type {number | null} */
    this.dropAt = null;
  }

  /** We sent something. @param {number} now */
  sent(now) {
    this.sentAt = now;
  }

  /** Something arrived: whatever it was, the server lives. */
  heard() {
    this.dropAt = null;
  }

  /** We sent a ping. An earlier unanswered one keeps its deadline. @param {number} now @param {number} [within] ms */
  asked(now, within = PONG_WITHIN) {
    this.sentAt = now;
    this.dropAt = Math.min(this.dropAt ?? Infinity, now + within);
  }

  /** What to do now: `ping`, `drop` or nothing. @param {number} now @returns {'ping' | 'drop' | null} */
  due(now) {
    if (this.dropAt !== null) return now >= this.dropAt ? 'drop' : null;
    return now - this.sentAt >= PING_AFTER ? 'ping' : null;
  }

  /** When to look again. @returns {number} ms */
  deadline() {
    return this.dropAt ?? this.sentAt + PING_AFTER;
  }
}
