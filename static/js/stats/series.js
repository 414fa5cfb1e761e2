/** The last minutes of every stream's figures, by stream. Pure: what came in with each answer. */

/** Points kept of a line: two minutes at one a second. */
export const LENGTH = 120;

/**
 * @typedef {{at: number, values: Record<string, number | null>}} Point
 * @typedef {Map<string, Point[]>} History
 */

/**
 * @param {History} history
 * @param {import('./types.js').MediaStats} stats
 * @returns {History} with the new points; streams that are gone are left out
 */
export function extend(history, stats) {
  /** @type {History} */
  const next = new Map();
  for (const [key, values] of streamsOf(stats)) {
    const points = history.get(key) ?? [];
    if (points.at(-1)?.at === stats.at) next.set(key, points);
    else next.set(key, [...points.slice(1 - LENGTH), { at: stats.at, values }]);
  }
  return next;
}

/**
 * Every stream with the figures that are drawn.
 *
 * @param {import('./types.js').MediaStats} stats
 * @returns {Generator<[string, Record<string, number | null>]>}
 */
function* streamsOf({ rooms }) {
  for (const { room, peers } of rooms) {
    for (const [peer, { estimate, remb, publishes, receives }] of Object.entries(peers)) {
      yield [keyOf(room, peer, 'peer'), { estimate, remb }];
      for (const { layers } of publishes) {
        for (const { ssrc, bitrate, jitter, rtt, loss } of layers) {
          yield [keyOf(room, peer, ssrc), { bitrate, jitter, rtt, loss }];
        }
      }
      for (const { ssrc, bitrate, loss, jitter, rtt } of receives) {
        yield [keyOf(room, peer, ssrc), { bitrate, jitter, rtt, loss }];
      }
    }
  }
}

/** @param {string} room @param {string} peer @param {number | string} stream */
export const keyOf = (room, peer, stream) => `${room}|${peer}|${stream}`;

/**
 * A line through the points, in a box of `width` × `height`; breaks where a figure is missing.
 *
 * @param {Point[]} points
 * @param {string} name
 * @param {number} width
 * @param {number} height
 * @param {number} top  the value at the upper edge
 */
export function pathOf(points, name, width, height, top) {
  const step = width / (LENGTH - 1);
  const start = width - step * (points.length - 1);
  let path = '';
  let drawing = false;
  points.forEach(({ values }, index) => {
    const value = values[name];
    if (value === null || value === undefined) {
      drawing = false;
      return;
    }
    const x = start + index * step;
    const y = height - (Math.min(value, top) / top) * height;
    path += `${drawing ? 'L' : 'M'}${x.toFixed(1)} ${y.toFixed(1)}`;
    drawing = true;
  });
  return path;
}

/** The greatest value of a line, and never zero. @param {Point[]} points @param {string} name */
export const topOf = (points, name) => Math.max(1, ...points.map(({ values }) => values[name] ?? 0));
