/** How long to wait before trying again. Pure: the caller brings the randomness. */

const FIRST = 500; // ms; spreads the crowd that a restarted server would meet
const BASE = 250;
const GROWTH = 1.5;
const SOON = 500; // ms; a server that restarts is back within seconds, a slow machine takes some more
const TRIES = 19; // that soon: about the first ten seconds
const LONGEST = 8000;

/**
 * PROTOCOL.md: the first attempt within 0–0.5 s, then 0.25 s × 1.5ⁿ up to 0.5 s for about ten
 * seconds, and from there up to 8 s, each × 0.5–1.5.
 *
 * Of five people whose server is back after 2 to 3 s the last one asks within 0.5 s in the middle,
 * 0.7 s in 19 of 20 (simulated); when the waits went on growing it took 1.0 to 1.4 s and 1.7 to 2.5.
 *
 * @param {number} attempt  0 for the first after a drop
 * @param {number} random  in [0, 1)
 * @returns {number} ms
 */
export function backoff(attempt, random) {
  if (attempt === 0) return Math.round(random * FIRST);
  const step = Math.min(BASE * GROWTH ** (attempt - 1), SOON) * GROWTH ** Math.max(0, attempt - TRIES);
  return Math.round(Math.min(step, LONGEST) * (0.5 + random));
}
