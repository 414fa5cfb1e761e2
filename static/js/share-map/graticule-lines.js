/** Which parallels and meridians a blank map shows, and how they are called. Pure. */

const STEPS = [
  45, 30, 15, 10, 5, 2, 1, 0.5, 0.2, 0.1, 0.05, 0.02, 0.01, 0.005, 0.002, 0.001, 0.0005, 0.0002, 0.0001,
];

/** Lines closer than this many pixels are a mesh, not a map. */
const APART = 96;

/** The world at zoom 0 is one tile of 256 px. @param {number} zoom */
const pixelsPerDegree = (zoom) => (256 * 2 ** zoom) / 360;

/** @param {number} zoom @returns {number}  degrees between two lines */
export function stepFor(zoom) {
  const wide = STEPS.filter((step) => step * pixelsPerDegree(zoom) >= APART);
  return wide.at(-1) ?? STEPS[0];
}

/**
 * The multiples of `step` within [from, to], without the drift of repeated addition.
 * @param {number} from
 * @param {number} to
 * @param {number} step
 */
export function linesBetween(from, to, step) {
  const first = Math.ceil(from / step - 1e-9);
  const last = Math.floor(to / step + 1e-9);
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, i) => (first + i) * step);
}

/**
 * @param {number} degrees
 * @param {number} step  decides how many digits are worth writing
 * @param {'lat' | 'lng'} axis
 */
export function degreeLabel(degrees, step, axis) {
  const digits = Math.max(0, Math.ceil(-Math.log10(step) - 1e-9));
  const text = Math.abs(degrees).toFixed(digits);
  if (Number(text) === 0) return '0°';
  const side = axis === 'lat' ? 'NS' : 'EW';
  return `${text}°${degrees > 0 ? side[0] : side[1]}`;
}
