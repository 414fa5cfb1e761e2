/**
 * Where to show what is off the screen: on the edge of the visible part of the map, on the line
 * from its middle, with the direction to go. Pure geometry in pixels.
 */

/** @typedef {{x: number, y: number}} Spot */
/** @typedef {{left: number, top: number, right: number, bottom: number}} Box */

/** @param {Box} box @returns {Spot} */
export function middle({ left, top, right, bottom }) {
  return { x: (left + right) / 2, y: (top + bottom) / 2 };
}

/**
 * @param {Spot} spot
 * @param {Box} box
 * @returns {Spot & {outside: boolean, angle: number}}  angle in degrees, clockwise from east
 */
export function clampToEdge(spot, box) {
  const { x: cx, y: cy } = middle(box);
  const dx = spot.x - cx;
  const dy = spot.y - cy;
  const halfWidth = Math.max(0, (box.right - box.left) / 2);
  const halfHeight = Math.max(0, (box.bottom - box.top) / 2);
  const over = Math.max(
    halfWidth ? Math.abs(dx) / halfWidth : Infinity,
    halfHeight ? Math.abs(dy) / halfHeight : Infinity,
  );
  const angle = (Math.atan2(dy, dx) * 180) / Math.PI;
  if (over <= 1) return { x: spot.x, y: spot.y, outside: false, angle };
  return { x: cx + dx / over, y: cy + dy / over, outside: true, angle };
}

/**
 * Spots that would lie on each other side by side: a later one moves off an earlier one, towards the
 * middle, so that none leaves the screen.
 * @param {readonly Spot[]} spots
 * @param {number} apart  px
 * @param {number} heart  x of the middle
 * @returns {Spot[]}
 */
export function spread(spots, apart, heart) {
  /** @type {Spot[]} */
  const placed = [];
  for (const { x, y } of spots) {
    const spot = { x, y };
    const step = x > heart ? -apart : apart;
    // Always in one direction, so each earlier spot is passed at most once, and this ends.
    for (;;) {
      const near = placed.find((one) => Math.hypot(one.x - spot.x, one.y - spot.y) < apart - 0.5);
      if (!near) break;
      spot.x = near.x + step;
    }
    placed.push(spot);
  }
  return placed;
}
