/** The lines of one room's chat: history, what arrives, and what of ours is still on its way. */
import { signal } from '@preact/signals-core';

const KEPT = 200; // as many as the server keeps

/**
 * @typedef {import('./types.js').ChatLine} ChatLine
 * @typedef {ChatLine & {nonce?: string, state?: 'sending' | 'failed', error?: {code: string, message: string}}} Line
 */

export class ChatLog {
  constructor() {
    /** Oldest first; ours that are not acknowledged come last. @type {import('@preact/signals-core').Signal<Line[]>} */
    this.lines = signal([]);
  }

  /** The room's history replaces what we had; what we still wait for stays. @param {ChatLine[]} history */
  replace(history) {
    this.lines.value = [...history, ...this.unsent(true)].slice(-KEPT);
  }

  /** A line arrived; with our nonce it acknowledges ours. @param {ChatLine} line @param {string} [nonce] */
  add(line, nonce) {
    const others = this.lines.value.filter((l) => l.id !== line.id && !(nonce && l.nonce === nonce));
    const at = others.findIndex((l) => l.state);
    const settled = at < 0 ? others : others.slice(0, at);
    const waiting = at < 0 ? [] : others.slice(at);
    this.lines.value = [...settled, line, ...waiting].slice(-KEPT);
  }

  /** A moderator deleted a line. @param {string} id */
  remove(id) {
    this.lines.value = this.lines.value.filter((line) => line.id !== id);
  }

  /** Ours, shown at once. @param {string} nonce @param {import('./types.js').PersonRef} from @param {string} text @param {number} at ms */
  write(nonce, from, text, at) {
    /** @type {Line} */
    const line = { id: `mine-${nonce}`, from, text, at, nonce, state: 'sending' };
    this.lines.value = [...this.lines.value, line].slice(-KEPT);
  }

  /** The server refused ours. @param {string} nonce @param {{code: string, message: string}} error */
  fail(nonce, error) {
    this.mark(nonce, { state: 'failed', error });
  }

  /** Try a refused one again. @param {string} nonce */
  retry(nonce) {
    this.mark(nonce, { state: 'sending', error: undefined });
  }

  /** Ours that await an acknowledgement. @param {boolean} [failedToo] */
  unsent(failedToo = false) {
    return this.lines.value.filter((l) => l.state === 'sending' || (failedToo && l.state === 'failed'));
  }

  /** @private @param {string} nonce @param {Partial<Line>} change */
  mark(nonce, change) {
    this.lines.value = this.lines.value.map((l) => (l.nonce === nonce && l.state ? { ...l, ...change } : l));
  }
}
