/** A new place: put a pin on the map, give it a name. Places that are known are dots to choose instead. */
import { circleMarker, layerGroup } from 'leaflet';
import { useEffect, useRef, useState } from 'preact/hooks';
import { api } from '../api.js';
import { config, loadConfig } from '../config.js';
import { html } from '../html.js';
import { locale, t } from '../i18n.js';
import { MapCanvas } from '../share-map/map-canvas.js';
import { Button, IconButton } from '../ui/button.js';
import { Field } from '../ui/field.js';

/**
 * @typedef {import('./draft.js').DraftPlace} DraftPlace
 * @typedef {import('../types.js').LatLng} LatLng
 * @typedef {{at: LatLng | null, name: string, onPick: (place: DraftPlace) => void, onList: () => void}} Props
 */

const CLOSE = 17;
const DOTS = { radius: 8, weight: 3, color: '#24130a', fillColor: '#ffd3b0', fillOpacity: 1, bubblingMouseEvents: false };
const PIN = { radius: 11, weight: 4, color: '#24130a', fillColor: '#ff6b00', fillOpacity: 1, interactive: false };

/** @param {Props} props  at: where to look; name: what was searched for in vain */
export function PlaceMap({ at, name: wanted, onPick, onList }) {
  const [spot, setSpot] = useState(/** @type {LatLng | null} */ (null));
  const [name, setName] = useState(wanted);
  const box = useRef(/** @type {HTMLElement | null} */ (null));
  const input = useRef(/** @type {HTMLElement | null} */ (null));
  const canvas = useMap(box, at, { onSpot: setSpot, onKnown: onPick });
  usePin(canvas, spot);
  useEffect(() => {
    if (spot && !name) input.current?.querySelector('input')?.focus({ preventScroll: true });
  }, [spot]);
  const take = () => spot && name.trim() && onPick({ id: null, name: name.trim(), at: spot, category: null, address: null });
  return html`
    <div class="place-sheet">
      <p class="muted small">${t('write.place_map_text')}</p>
      <div class="place-map-frame">
        <div class="place-map" ref=${box} data-testid="place-map"></div>
        <div class="place-map-tools">
          <${IconButton} kind="glass" icon="plus" label=${t('explore.zoom_in')} onClick=${() => canvas?.map.zoomIn()} />
          <${IconButton} kind="glass" icon="minus" label=${t('explore.zoom_out')} onClick=${() => canvas?.map.zoomOut()} />
          <${IconButton} kind="glass" icon="crosshair" label=${t('write.place_centre')} onClick=${() => canvas && setSpot(middleOf(canvas))} />
        </div>
      </div>
      <div ref=${input}><${Field} label=${t('write.place_name')} name="place-name" value=${name} onValue=${setName} maxlength="60" autocomplete="off"
        onKeyDown=${(/** @type {KeyboardEvent} */ e) => e.key === 'Enter' && !e.isComposing && take()} /></div>
      <div class="row">
        <${Button} kind="secondary" onClick=${onList}>${t('write.place_to_list')}<//>
        <${Button} wide icon="check" disabled=${!spot || !name.trim()} onClick=${take}>${t('write.place_use')}<//>
      </div>
    </div>
  `;
}

/**
 * @param {{current: HTMLElement | null}} box @param {LatLng | null} at
 * @param {{onSpot: (at: LatLng) => void, onKnown: (place: DraftPlace) => void}} told
 */
function useMap(box, at, { onSpot, onKnown }) {
  const [canvas, setCanvas] = useState(/** @type {MapCanvas | null} */ (null));
  const ready = config.value;
  useEffect(() => void loadConfig().catch(() => {}), []);
  useEffect(() => {
    if (!ready || !box.current) return undefined;
    const made = new MapCanvas(box.current, {
      tiles: ready.tiles, center: at ?? ready.center, zoom: at ? CLOSE : ready.zoom, lang: locale.peek(), label: t('write.place_map'),
    });
    const dots = layerGroup().addTo(made.map);
    const look = () => void showKnown(made, dots, onKnown);
    made.map.on('click', ({ latlng }) => onSpot(rounded(latlng.wrap())));
    made.map.on('moveend', look);
    look();
    setCanvas(made);
    return () => made.close();
  }, [ready]);
  return canvas;
}

/** @param {MapCanvas | null} canvas @param {LatLng | null} spot */
function usePin(canvas, spot) {
  useEffect(() => {
    if (!canvas || !spot) return undefined;
    const pin = circleMarker(spot, PIN).addTo(canvas.map);
    return () => void pin.remove();
  }, [canvas, spot]);
}

/** @param {MapCanvas} canvas @param {import('leaflet').LayerGroup} dots @param {(place: DraftPlace) => void} onKnown */
async function showKnown({ map }, dots, onKnown) {
  const view = map.getBounds();
  const edges = [view.getSouth(), view.getWest(), view.getNorth(), view.getEast()];
  const limits = [-90, -180, 90, 180];
  const box = edges.map((edge, i) => (i < 2 ? Math.max(edge, limits[i]) : Math.min(edge, limits[i])).toFixed(5)).join();
  const body = await api.get(`/api/places?limit=100&bbox=${box}`).catch(() => null);
  if (!body || !map.getPane('mapPane')) return; // left meanwhile
  dots.clearLayers();
  for (const place of body.places) {
    const dot = circleMarker(place.at, DOTS).bindTooltip(place.name, { direction: 'top', offset: [0, -8] });
    dots.addLayer(dot.on('click', () => onKnown(place)));
  }
}

/** @param {MapCanvas} canvas @returns {LatLng} */
function middleOf(canvas) {
  const [lat, lng] = canvas.look();
  return rounded({ lat, lng });
}

/** To a tenth of a metre; more would pretend. @param {{lat: number, lng: number}} spot @returns {LatLng} */
const rounded = ({ lat, lng }) => [Number(lat.toFixed(6)), Number(lng.toFixed(6))];
