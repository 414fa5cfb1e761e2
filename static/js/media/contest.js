/** Who sends this live: still us, or another tab or device of the same host? Pure. */

const RECENT = 30_000; // ms
const TRIES = 3;

/**
 * After our connection fell. Two senders that both come back for ever would take the live from each
 * other every few seconds; so the one that was replaced gives way, and its host may take it back.
 *
 * @param {object} fall
 * @param {boolean} fall.onAir  the live is on air now, although we do not send
 * @param {number | null} fall.released  status of the DELETE of our resource; null when there was no answer
 * @param {number[]} fall.falls  when we fell (ms), this time last
 * @param {number} fall.now
 */
export function isReplaced({ onAir, released, falls, now }) {
  if (!onAir) return false; // the server had closed us or was restarted: nobody sends
  if (released === 404) return true; // our session is not the current one
  if (released !== null && released < 300) return false; // it was: only the way there was bad
  return falls.filter((at) => now - at <= RECENT).length > TRIES;
}
