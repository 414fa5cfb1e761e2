/**
 * What the map shows of where it looks: asked for when it rests; a question that a newer one overtook
 * is given up, and its answer dropped.
 *
 * @typedef {{south: number, west: number, north: number, east: number, zoom: number}} Viewport  degrees
 */

const SETTLED = 250; // ms after the last move

/** @template T */
export class SpotsSource {
  /** @type {AbortController | null} */ #under = null;
  /** @type {ReturnType<typeof setTimeout> | undefined} */ #timer;

  /**
   * @param {(path: string, signal: AbortSignal) => Promise<T>} get
   * @param {{onAnswer: (answer: T) => void, onFailure: (error: unknown) => void}} told
   */
  constructor(get, { onAnswer, onFailure }) {
    this.get = get;
    this.onAnswer = onAnswer;
    this.onFailure = onFailure;
  }

  /** In a moment, unless asked again. @param {() => string} path  read when the moment has come */
  later(path) {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.now(path()), SETTLED);
  }

  /** @param {string} path */
  async now(path) {
    this.close();
    const under = new AbortController();
    this.#under = under;
    try {
      const answer = await this.get(path, under.signal);
      if (this.#under === under) this.onAnswer(answer);
    } catch (error) {
      if (this.#under === under) this.onFailure(error);
    }
  }

  close() {
    clearTimeout(this.#timer);
    this.#under?.abort();
    this.#under = null;
  }
}

/** @param {Viewport} view @param {string | null} category  as on the wire */
export function clustersPath({ south, west, north, east, zoom }, category) {
  const lat = (/** @type {number} */ value) => Math.max(-90, Math.min(90, value));
  const [from, to] = east - west >= 360 ? [-180, 180] : [around(west), around(east)];
  const bbox = [lat(south), from, lat(north), to].map((edge) => edge.toFixed(6)).join(',');
  return `/api/places/clusters?bbox=${bbox}&zoom=${zoom}${category ? `&category=${encodeURIComponent(category)}` : ''}`;
}

/** A longitude within the world. @param {number} lng */
function around(lng) {
  return lng >= -180 && lng <= 180 ? lng : ((((lng + 180) % 360) + 360) % 360) - 180;
}

/** Where the map looks, as the address of the page has it. @param {[number, number, number]} view */
export const viewText = ([lat, lng, zoom]) => `${lat.toFixed(5)},${lng.toFixed(5)},${zoom}`;

/** @param {string | null} text @returns {[number, number, number] | null} */
export function viewIn(text) {
  const parts = (text ?? '').split(',').map((part) => (part.trim() ? Number(part) : NaN));
  const [lat, lng, zoom] = parts;
  const fine = parts.length === 3 && Math.abs(lat) <= 90 && Math.abs(lng) <= 180 && zoom >= 0 && zoom <= 24;
  return fine ? [lat, lng, zoom] : null;
}

/** What one sees of a cluster, so that it stays the same marker while nothing of it changes. @param {import('../types.js').Cluster} cluster */
export function keyOf({ at, count, place }) {
  return place ? `place:${place.id}` : `heap:${at.map((degrees) => degrees.toFixed(6)).join(',')}:${count}`;
}
