/** The explore map, put together: canvas, spots, and what a press on one does. It tells; the view decides. */
import { latLngBounds } from 'leaflet';
import { reach, toError } from '../api.js';
import { t } from '../i18n.js';
import { ZOOM_MAX } from '../share-map/base-layer.js';
import { MapCanvas } from '../share-map/map-canvas.js';
import { SpotsLayer } from './spots-layer.js';
import { SpotsSource, clustersPath } from './spots-source.js';

/**
 * @typedef {import('../types.js').Cluster} Cluster
 * @typedef {object} Told
 * @property {(place: import('../types.js').Place) => void} onPlace
 * @property {(cluster: Cluster) => void} onHeap  places too close together for any zoom
 * @property {() => void} onGround  pressed beside all spots
 * @property {(clusters: Cluster[]) => void} onSpots
 * @property {(error: unknown) => void} onFailure
 * @property {(view: [number, number, number]) => void} onRest
 */

const AGAIN = 15_000; // ms; lives begin and end while one looks

export class ExploreMap {
  /** @type {string | null} */ #category = null;
  #timer;

  /** @param {HTMLElement} element @param {{config: import('../types.js').Config, view: [number, number, number], lang: string}} start @param {Told} told */
  constructor(element, { config, view: [lat, lng, zoom], lang }, told) {
    this.told = told;
    this.canvas = new MapCanvas(element, { tiles: config.tiles, center: [lat, lng], zoom, lang, label: t('explore.title') });
    this.spots = new SpotsLayer(this.canvas.map, (cluster) => this.#press(cluster));
    this.source = new SpotsSource(ask, { onAnswer: (body) => told.onSpots(body.clusters), onFailure: told.onFailure });
    this.canvas.map.on('click', () => told.onGround());
    this.canvas.map.on('moveend', () => {
      this.source.later(() => this.#path());
      const { lat, lng } = this.canvas.map.getCenter().wrap();
      told.onRest([lat, lng, this.canvas.map.getZoom()]);
    });
    this.#timer = setInterval(() => document.visibilityState === 'visible' && this.source.later(() => this.#path()), AGAIN);
  }

  /** Which kind is shown, as on the wire; asks at once. @param {string | null} category */
  show(category) {
    this.#category = category;
    this.again();
  }

  again() {
    void this.source.now(this.#path());
  }

  /** px that a card covers: at the bottom of a phone, on the left of a desktop. @param {{bottom?: number, left?: number}} covered */
  cover({ bottom = 0, left = 0 }) {
    this.canvas.cover({ top: 0, right: 0, bottom, left, head: 110, foot: 0 });
  }

  close() {
    clearInterval(this.#timer);
    this.source.close();
    this.canvas.close();
  }

  #path() {
    const bounds = this.canvas.map.getBounds();
    const [south, west, north, east] = [bounds.getSouth(), bounds.getWest(), bounds.getNorth(), bounds.getEast()];
    return clustersPath({ south, west, north, east, zoom: this.canvas.map.getZoom() }, this.#category);
  }

  /** @param {Cluster} cluster */
  #press(cluster) {
    const { map } = this.canvas;
    if (cluster.place) return this.told.onPlace(cluster.place);
    const [south, west, north, east] = cluster.box;
    const bounds = latLngBounds([south, west], [north, east]);
    // Half a level more at least: a box that nearly fills the screen would not come apart.
    const zoom = Math.min(ZOOM_MAX, Math.max(map.getBoundsZoom(bounds.pad(0.2)), map.getZoom() + 0.5));
    if (map.getZoom() >= ZOOM_MAX) return this.told.onHeap(cluster);
    const { lat, lng } = bounds.getCenter();
    return this.canvas.show([lat, lng, zoom]);
  }
}

/** @param {string} path @param {AbortSignal} signal @returns {Promise<{clusters: Cluster[]}>} */
async function ask(path, signal) {
  const response = await reach(path, { credentials: 'same-origin', headers: { Accept: 'application/json' }, signal });
  if (!response.ok) throw await toError(response);
  return response.json();
}
