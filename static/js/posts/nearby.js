/** Places near a point: the box to ask for, and how far each is. Pure. */

/** @typedef {import('../types.js').LatLng} LatLng */

const METRES_PER_DEGREE = 111_320;

/** `south,west,north,east` for a query. @param {LatLng} at @param {number} metres */
export function boxAround([lat, lng], metres) {
  const north = metres / METRES_PER_DEGREE;
  const east = north / Math.max(0.01, Math.cos((lat * Math.PI) / 180));
  const edges = [Math.max(-90, lat - north), Math.max(-180, lng - east), Math.min(90, lat + north), Math.min(180, lng + east)];
  return edges.map((edge) => edge.toFixed(5)).join(',');
}

/** Metres; on the small distances where one eats, the earth is flat. @param {LatLng} a @param {LatLng} b */
export function distance(a, b) {
  const north = (a[0] - b[0]) * METRES_PER_DEGREE;
  const east = (a[1] - b[1]) * METRES_PER_DEGREE * Math.cos((a[0] * Math.PI) / 180);
  return Math.hypot(north, east);
}

/**
 * @template {{at: LatLng}} T
 * @param {readonly T[]} places @param {LatLng} at
 * @returns {(T & {away: number})[]}  the nearest first
 */
export function byDistance(places, at) {
  return places.map((place) => ({ ...place, away: distance(at, place.at) })).sort((a, b) => a.away - b.away);
}
