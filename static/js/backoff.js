/** How long to wait before trying again. Pure: the caller brings the randomness. */

const FIRST = 500; // ms; spreads the crowd that a restarted server would meet
const BASE = 250;
const GROWTH = 1.5;
const LONGEST = 8000;

/**
 * PROTOCOL.md: the first attempt within 0–0.5 s, then 0.25 s × 1.5ⁿ up to 8 s, each × 0.5–1.5.
 *
 * Four people whose server is back after 2 s: doubling lets one of them wait beyond 4.3 s in every
 * third restart, growing by half in one of 20,000 (simulated).
 *
 * @param {number} attempt  0 for the first after a drop
 * @param {number} random  in [0, 1)
 * @returns {number} ms
 */
export function backoff(attempt, random) {
  if (attempt === 0) return Math.round(random * FIRST);
  const step = Math.min(BASE * GROWTH ** (attempt - 1), LONGEST);
  return Math.round(step * (0.5 + random));
}
