/** Where a place is, at a glance: a map that does not move and leads to the one that does. */
import { useEffect, useRef } from 'preact/hooks';
import { loadConfig } from '../config.js';
import { html } from '../html.js';
import { locale, t } from '../i18n.js';
import { MapCanvas } from '../share-map/map-canvas.js';
import { Icon } from '../ui/icon.js';
import { ZOOM, onTheMap } from './on-the-map.js';

/** @param {{place: import('../types.js').Place}} props */
export function SmallMap({ place }) {
  const box = useRef(/** @type {HTMLDivElement | null} */ (null));
  useEffect(() => {
    let canvas = /** @type {MapCanvas | null} */ (null);
    let gone = false;
    loadConfig().then(({ tiles }) => {
      if (gone || !box.current) return;
      canvas = new MapCanvas(box.current, { tiles, center: place.at, zoom: ZOOM, lang: locale.value, label: place.name });
      const { dragging, touchZoom, doubleClickZoom, scrollWheelZoom, boxZoom, keyboard } = canvas.map;
      for (const way of [dragging, touchZoom, doubleClickZoom, scrollWheelZoom, boxZoom, keyboard]) way?.disable();
    }, () => {}); // no map then: the address is beside it
    return () => {
      gone = true;
      canvas?.close();
    };
  }, [place.id, locale.value]);
  return html`
    <div class="small-map">
      <div class="small-map-ground" ref=${box} inert></div>
      <span class="small-map-pin"><${Icon} name="utensils" size=${20} /></span>
      <a class="small-map-link" href=${onTheMap(place)}><${Icon} name="map" size=${20} />${t('place.on_map')}</a>
    </div>
  `;
}
