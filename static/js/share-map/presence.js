/**
 * Where friends point and look, made smooth: the wire ticks at 20 Hz, the screen at 60 or 120.
 * Each position glides towards its last known target, by the same amount whatever the frame
 * rate. Pure: time comes in as the length of a step.
 */

/** @typedef {import('./wire.js').LatLng} LatLng */
/** @typedef {import('./wire.js').View} View */
/** @typedef {{at: LatLng | null, view: View | null}} Seen */
/** @typedef {{id: string, now: Seen, target: Seen}} Track */

/** Time constant of the glide in ms: a tick (50 ms) is 63 % done when the next one arrives. */
const TAU = 50;

/** Closer than this (degrees, zoom levels) is arrived: a tenth of a pixel at zoom 19. */
const NEAR = 1e-7;

/**
 * @template {number[]} T
 * @param {T | null} from
 * @param {T | null} to
 * @param {number} share  0..1 of the way
 * @returns {T | null}
 */
function towards(from, to, share) {
  if (!from || !to || share >= 1) return to;
  const next = from.map((value, i) => value + (to[i] - value) * share);
  const arrived = next.every((value, i) => Math.abs(to[i] - value) < NEAR);
  return arrived ? to : /** @type {T} */ (next);
}

export class Presence {
  /** @type {Map<string, Track>} */
  #tracks = new Map();

  /** @param {{glide?: boolean}} [options]  without glide (reduced motion) everything jumps */
  constructor({ glide = true } = {}) {
    this.glide = glide;
  }

  /** Forget everyone and start from `people`: the state of a fresh join.
   * @param {Record<string, import('./wire.js').Look>} people */
  replace(people) {
    for (const id of this.#tracks.keys()) if (!(id in people)) this.#tracks.delete(id);
    this.update(people);
  }

  /** One presence tick: only who changed, and of them only what changed.
   * @param {Record<string, import('./wire.js').Look>} people */
  update(people) {
    for (const [id, look] of Object.entries(people)) this.#aim(id, look);
  }

  /** @param {string} id */
  remove(id) {
    this.#tracks.delete(id);
  }

  /**
   * Move everyone on.
   * @param {number} dt  milliseconds since the step before
   * @returns {boolean}  whether anything moved: if not, there is nothing to draw
   */
  step(dt) {
    const share = this.glide ? 1 - Math.exp(-dt / TAU) : 1;
    let moved = false;
    for (const track of this.#tracks.values()) {
      const at = towards(track.now.at, track.target.at, share);
      const view = towards(track.now.view, track.target.view, share);
      if (at === track.now.at && view === track.now.view) continue;
      track.now = { at, view };
      moved = true;
    }
    return moved;
  }

  /** @param {string} id @returns {Seen | null}  where they are drawn now */
  seen(id) {
    return this.#tracks.get(id)?.now ?? null;
  }

  /** @param {string} id @returns {Seen | null}  where they really are, as last heard */
  target(id) {
    return this.#tracks.get(id)?.target ?? null;
  }

  /** @param {string} id @param {import('./wire.js').Look} look */
  #aim(id, look) {
    const old = this.#tracks.get(id);
    const target = {
      at: look.at === undefined ? (old?.target.at ?? null) : look.at,
      view: look.view === undefined ? (old?.target.view ?? null) : look.view,
    };
    this.#tracks.set(id, { id, now: old?.now ?? target, target });
  }
}
