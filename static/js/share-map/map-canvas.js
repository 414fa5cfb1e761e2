/**
 * The map itself: Leaflet with our ground, our zoom rules, and a notion of which part of it is not
 * covered by panels. It knows nothing of rooms; the shared map and the explore map both stand on it.
 *
 * `map` is Leaflet's own object, for whatever is not here.
 */
import { map as createMap, point } from 'leaflet';
import { ZOOM_MAX, baseLayer } from './base-layer.js';
import { middle } from './edge.js';

/**
 * @typedef {import('../types.js').LatLng} LatLng
 * @typedef {import('./wire.js').View} View
 * @typedef {import('./edge.js').Box} Box
 * @typedef {{top: number, right: number, bottom: number, left: number, head: number, foot: number}} Insets
 *   px covered by panels; `head` more below the top and `foot` above the bottom are full of buttons:
 *   seen, but no place to put things
 */

/** About half a pin, px. */
const PIN = 40;

/** Half levels keep raster tiles legible and still let a pinch rest where it ends. */
const SNAP = 0.5;

export class MapCanvas {
  /** @type {Insets} */ insets = { top: 0, right: 0, bottom: 0, left: 0, head: 0, foot: 0 };
  #watch;

  /**
   * @param {HTMLElement} element  with a size
   * @param {{tiles: import('../types.js').Config['tiles'], center: LatLng, zoom: number,
   *   lang: string, label: string}} options  label: the accessible name
   */
  constructor(element, { tiles, center, zoom, lang, label }) {
    this.element = element;
    this.calm = matchMedia('(prefers-reduced-motion: reduce)').matches;
    element.setAttribute('role', 'application');
    element.setAttribute('aria-label', label);
    this.map = createMap(element, {
      center, zoom, maxZoom: ZOOM_MAX, minZoom: 2,
      zoomSnap: SNAP, wheelPxPerZoomLevel: 90, zoomControl: false, worldCopyJump: true, tapHold: true,
      zoomAnimation: !this.calm, fadeAnimation: !this.calm, markerZoomAnimation: !this.calm, inertia: !this.calm,
    });
    this.map.attributionControl.setPrefix(false);
    this.#watch = new ResizeObserver(() => this.map.invalidateSize({ pan: false }));
    this.#watch.observe(element);
    this.#lay(tiles, lang);
  }

  /** The part of the map that can be seen, in px of the container. @returns {Box} */
  visibleBox() {
    const { x, y } = this.map.getSize();
    const { top, right, bottom, left } = this.insets;
    return { left, top, right: Math.max(left + 1, x - right), bottom: Math.max(top + 1, y - bottom) };
  }

  /** Where we look: the middle of the visible part, and the zoom. @returns {View} */
  look() {
    const { x, y } = middle(this.visibleBox());
    const { lat, lng } = this.map.containerPointToLatLng([x, y]).wrap();
    return [lat, lng, this.map.getZoom()];
  }

  /**
   * Look there: `view`'s point comes into the middle of the visible part.
   * @param {View} view
   * @param {{animate?: boolean, exact?: boolean}} [options]  exact: also zooms between the half levels
   */
  show([lat, lng, zoom], { animate = true, exact = false } = {}) {
    this.map.options.zoomSnap = exact ? 0 : SNAP;
    const { x, y } = middle(this.visibleBox());
    const shift = this.map.getSize().divideBy(2).subtract(point(x, y));
    const center = this.map.unproject(this.map.project([lat, lng], zoom).add(shift), zoom);
    this.map.setView(center, zoom, { animate: animate && !this.calm });
    this.map.options.zoomSnap = SNAP;
  }

  /** Bring a place into view without zooming out. @param {LatLng} at @param {number} [closest] */
  visit([lat, lng], closest = 15) {
    this.show([lat, lng, Math.max(this.map.getZoom(), closest)]);
  }

  /** Move just enough that a pin there is neither off the screen nor behind the tools. @param {LatLng} at */
  reveal(at) {
    const { x, y } = this.spot(at);
    const { left, top, right, bottom } = this.visibleBox();
    const high = top + this.insets.head + 1.5 * PIN;
    const low = Math.max(high, bottom - this.insets.foot - PIN / 2);
    const dx = x - Math.min(Math.max(x, left + PIN), right - PIN);
    const dy = y - Math.min(Math.max(y, high), low);
    if (dx || dy) this.map.panBy([dx, dy], { animate: !this.calm });
  }

  /** @param {LatLng} at @returns {{x: number, y: number}}  px of the container */
  spot(at) {
    return this.map.latLngToContainerPoint(at);
  }

  /** @param {Insets} insets */
  cover(insets) {
    this.insets = insets;
  }

  /**
   * Told once per hand that takes the map (drag, wheel, pinch, keys), never when a program moves it.
   * @param {() => void} fn
   * @returns {() => void}
   */
  onTaken(fn) {
    const { element, map } = this;
    /** @param {KeyboardEvent} event */
    const onKey = ({ key }) => (key.startsWith('Arrow') || '+-='.includes(key)) && fn();
    /** @param {TouchEvent} event */
    const onTouch = ({ touches }) => touches.length > 1 && fn();
    map.on('dragstart boxzoomstart dblclick', fn);
    element.addEventListener('wheel', fn, { passive: true });
    element.addEventListener('keydown', onKey);
    element.addEventListener('touchstart', onTouch, { passive: true });
    return () => {
      map.off('dragstart boxzoomstart dblclick', fn);
      element.removeEventListener('wheel', fn);
      element.removeEventListener('keydown', onKey);
      element.removeEventListener('touchstart', onTouch);
    };
  }

  close() {
    this.#watch.disconnect();
    this.map.remove();
  }

  /** @param {import('../types.js').Config['tiles']} tiles @param {string} lang */
  async #lay(tiles, lang) {
    const layer = await baseLayer(tiles, lang).catch(() => baseLayer({ ...tiles, kind: 'none' }, lang));
    if (this.element.isConnected) layer.addTo(this.map);
  }
}
