/** How far the panel of a phone is pulled up: three rests, and where a drag comes to rest. Pure. */

/** @typedef {import('./room-ui.js').Snap} Snap */

/** The tabs stay visible. */
export const LOW = 76;

/** Less than this holds no search box, one nominee and the buttons. */
const HALF_MIN = 300;

/** Faster than this (px/ms) is a flick: it goes on to the next rest in its direction. */
const FLICK = 0.5;

/** @type {readonly Snap[]} */
const ORDER = ['low', 'half', 'full'];

/** @param {number} room  px between the top bar and the bottom edge @returns {Record<Snap, number>} */
export function heights(room) {
  const full = Math.max(LOW, room);
  return { low: LOW, half: Math.min(full, Math.max(HALF_MIN, Math.round(room * 0.55))), full };
}

/**
 * @param {number} height  px, where the finger left
 * @param {number} speed  px/ms, upwards positive
 * @param {Record<Snap, number>} rests
 * @returns {Snap}
 */
export function restOf(height, speed, rests) {
  const near = (/** @type {Snap} */ snap) => Math.abs(rests[snap] - height);
  const nearest = ORDER.reduce((best, snap) => (near(snap) < near(best) ? snap : best));
  if (Math.abs(speed) < FLICK) return nearest;
  if (speed > 0) return ORDER.find((snap) => rests[snap] > height) ?? 'full';
  return [...ORDER].reverse().find((snap) => rests[snap] < height) ?? 'low';
}

/** What a tap on the grip does. @param {Snap} snap @returns {Snap} */
export function toggled(snap) {
  return snap === 'low' ? 'half' : 'low';
}
