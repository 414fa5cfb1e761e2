/** Choose a place: by name, among those nearby, or as a new one on the map. */
import { useState } from 'preact/hooks';
import { html } from '../html.js';
import { t } from '../i18n.js';
import { categoryName } from '../share-map/categories.js';
import { Button } from '../ui/button.js';
import { Field } from '../ui/field.js';
import { Icon } from '../ui/icon.js';
import { Sheet } from '../ui/sheet.js';
import { Spinner } from '../ui/spinner.js';
import { PlaceMap } from './place-map.js';
import { useNearby, useOutside, usePlaces } from './place-find.js';

/**
 * @typedef {import('./draft.js').DraftPlace} DraftPlace
 * @typedef {import('../types.js').LatLng} LatLng
 */

/** @param {{hint: LatLng | null, onPick: (place: DraftPlace) => void, onClose: () => void}} props */
export function PlaceSheet({ hint, onPick, onClose }) {
  const [text, setText] = useState('');
  const [onMap, setOnMap] = useState(false);
  const near = useNearby(hint);
  return html`
    <${Sheet} open=${true} title=${t('write.place')} onClose=${onClose} testId="place-sheet">
      ${onMap
        ? html`<${PlaceMap} at=${near.at} name=${text.trim()} onPick=${onPick} onList=${() => setOnMap(false)} />`
        : html`
            <div class="place-sheet">
              <${Field} label=${t('write.place_search')} type="search" name="place-search" value=${text} onValue=${setText} placeholder=${t('write.place_search_placeholder')}
                maxlength="60" autocomplete="off" enterkeyhint="search" />
              ${text.trim() ? html`<${Found} text=${text.trim()} near=${near.at} onPick=${onPick} />` : html`<${Nearby} near=${near} onPick=${onPick} />`}
              <${Button} kind="secondary" wide icon="map-pin-plus" onClick=${() => setOnMap(true)}>${t('write.place_on_map')}<//>
            </div>
          `}
    <//>
  `;
}

/** @param {{text: string, near: LatLng | null, onPick: (place: DraftPlace) => void}} props */
function Found({ text, near, onPick }) {
  const known = usePlaces(text);
  const outside = useOutside(text, near);
  const none = known.places?.length === 0 && !known.failed && (!outside.asked || outside.places?.length === 0);
  return html`
    <div class="place-lists" aria-busy=${known.busy || outside.busy}>
      <${List} title=${t('write.place_known')} places=${known.places} onPick=${onPick} />
      ${known.failed && html`<p class="note error" role="alert"><${Icon} name="circle-alert" size=${16} />${t('write.place_failed')}</p>`}
      ${outside.asked && html`<${List} title=${t('write.place_outside')} places=${outside.places} credit=${outside.credit} onPick=${onPick} />`}
      ${outside.failed && html`<p class="note error" role="alert"><${Icon} name="circle-alert" size=${16} />${t('write.place_failed')}</p>`}
      ${(known.busy || outside.busy) && html`<p class="place-busy"><${Spinner} size=${22} label=${t('loading')} /></p>`}
      ${none && html`<p class="muted place-none" role="status">${t('write.place_none', { q: text })}</p>`}
      ${outside.offered && html`<${Button} kind="quiet" wide icon="globe" onClick=${outside.ask}>${t('write.place_ask_outside', { q: text })}<//>`}
    </div>
  `;
}

/** @param {{near: ReturnType<typeof useNearby>, onPick: (place: DraftPlace) => void}} props */
function Nearby({ near, onPick }) {
  const { places, kind, failed, locate, locating, noPosition } = near;
  const title = t({ photo: 'write.place_near_photo', here: 'write.place_near', latest: 'write.place_latest' }[kind]);
  return html`
    <div class="place-lists" aria-busy=${!places && !failed}>
      ${kind !== 'here' && html`<${Button} kind="quiet" wide icon="locate" busy=${locating} onClick=${locate}>${t('write.place_here')}<//>`}
      ${noPosition && html`<p class="note error" role="alert"><${Icon} name="circle-alert" size=${16} />${t('write.place_here_failed')}</p>`}
      <${List} title=${title} places=${places} onPick=${onPick} />
      ${places?.length === 0 && kind !== 'latest' && html`<p class="muted place-none">${t('write.place_none_near')}</p>`}
      ${failed && html`<p class="note error" role="alert"><${Icon} name="circle-alert" size=${16} />${t('write.place_failed')}</p>`}
    </div>
  `;
}

/** @param {{title: string, places: (DraftPlace & {away?: number})[] | null, credit?: string, onPick: (place: DraftPlace) => void}} props */
function List({ title, places, credit, onPick }) {
  if (!places?.length) return null;
  return html`
    <section class="place-list" aria-label=${title}>
      <h3 class="small muted">${title}</h3>
      <ul>
        ${places.map((place) => html`
          <li key=${place.id ?? `${place.name} ${place.at.join()}`}>
            <button type="button" onClick=${() => onPick({ id: place.id ?? null, name: place.name, at: place.at, category: place.category, address: place.address })}>
              <${Icon} name="map-pin" size=${20} />
              <span class="place-words"><b class="truncate">${place.name}</b><span class="muted small truncate">${[categoryName(place.category, t), place.address].filter(Boolean).join(' · ')}</span></span>
              ${place.away !== undefined && html`<span class="muted small">${distanceText(place.away)}</span>`}
            </button>
          </li>`)}
      </ul>
      ${credit && html`<p class="muted small place-credit">${credit}</p>`}
    </section>
  `;
}

/** @param {number} metres */
function distanceText(metres) {
  if (metres < 1000) return t('write.metres', { n: Math.max(10, Math.round(metres / 10) * 10) });
  return t('write.kilometres', { n: (metres / 1000).toFixed(1) });
}
