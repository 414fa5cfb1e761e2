/** Where it is, at a glance: a map that does not move under a scrolling thumb. It is a link's picture, no more. */
import { circleMarker } from 'leaflet';
import { useEffect, useRef } from 'preact/hooks';
import { config, loadConfig } from '../config.js';
import { html } from '../html.js';
import { locale, t } from '../i18n.js';
import { MapCanvas } from '../share-map/map-canvas.js';

const ZOOM = 16;

/** @param {{place: import('../types.js').Place}} props */
export function MiniMap({ place }) {
  const box = useRef(/** @type {HTMLElement | null} */ (null));
  const ready = config.value;
  useEffect(() => void loadConfig().catch(() => {}), []);
  useEffect(() => {
    if (!ready || !box.current) return undefined;
    const label = t('post.place_map', { place: place.name });
    const canvas = new MapCanvas(box.current, { tiles: ready.tiles, center: place.at, zoom: ZOOM, lang: locale.value, label });
    const { map } = canvas;
    box.current.setAttribute('role', 'img');
    box.current.removeAttribute('tabindex');
    for (const hand of [map.dragging, map.scrollWheelZoom, map.doubleClickZoom, map.touchZoom, map.boxZoom, map.keyboard]) hand.disable();
    circleMarker(place.at, { radius: 10, weight: 4, color: '#24130a', fillColor: '#ff6b00', fillOpacity: 1, interactive: false }).addTo(map);
    return () => canvas.close();
  }, [ready, place.id]);
  return html`<div class="mini-map" ref=${box}></div>`;
}
