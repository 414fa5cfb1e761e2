/** What lies over the explore map: the place that was pressed, a heap as a list, or how much is in view. */
import { useEffect, useRef } from 'preact/hooks';
import { html } from '../html.js';
import { errorText, t } from '../i18n.js';
import { LIVES_EVERY } from '../live/card.js';
import { useFetched } from '../poll.js';
import { Button, IconButton } from '../ui/button.js';
import { Spinner } from '../ui/spinner.js';
import { Stars } from '../ui/stars.js';
import { PhotoStrip } from './photo-strip.js';
import { LivesNow, onNow } from './place-lives.js';
import { PlaceRow, aboutPlace } from './place-row.js';

/** @typedef {import('../types.js').Place} Place */

/** @param {any} body @returns {import('../types.js').PlacePage} */
const takePage = (body) => body;
/** @param {any} body @returns {Place[]} */
const takePlaces = (body) => body.places;

/** Not modal: the map goes on. @param {{title: string, about?: unknown, onClose: () => void, children?: unknown}} props */
function Frame({ title, about, onClose, children }) {
  const box = useRef(/** @type {HTMLElement | null} */ (null));
  useEffect(() => box.current?.focus({ preventScroll: true }), [title]);
  return html`
    <section class="explore-place" ref=${box} tabindex="-1" aria-label=${title} data-testid="explore-place"
      onKeyDown=${(/** @type {KeyboardEvent} */ event) => event.key === 'Escape' && onClose()}>
      <header class="spread">
        <div class="explore-words"><h2>${title}</h2>${about}</div>
        <${IconButton} icon="x" label=${t('close')} onClick=${onClose} />
      </header>
      ${children}
    </section>
  `;
}

/** @param {{place: Place, onClose: () => void}} props */
export function PlaceHere({ place, onClose }) {
  const { data: page, error, reload } = useFetched(`/api/places/${place.id}`, takePage, { every: LIVES_EVERY });
  const here = page?.place.id === place.id ? page : null;
  const live = here ? onNow(here.lives)[0] : null;
  const about = html`
    <p class="muted small">${aboutPlace(place)}</p>
    ${here && html`<p class="place-figures small">${here.rating !== null && html`<${Stars} rating=${here.rating} />`}<span class="muted">${t('place.count', { n: here.count })}</span></p>`}
  `;
  return html`
    <${Frame} title=${place.name} about=${about} onClose=${onClose}>
      ${here && html`<${LivesNow} lives=${here.lives} /><${PhotoStrip} photos=${here.photos} name=${place.name} />`}
      ${!here && !error && html`<div class="explore-wait"><${Spinner} label=${t('loading')} /></div>`}
      ${!here && error && html`<p class="note error" role="alert">${errorText(error)} <button type="button" class="text-button" onClick=${reload}>${t('retry')}</button></p>`}
      <div class="explore-actions">
        ${live && html`<${Button} icon="radio" href=${`/live/${live.id}`}>${t('explore.watch')}<//>`}
        <${Button} kind=${live ? 'secondary' : 'primary'} href=${`/places/${place.id}`}>${t('explore.open')}<//>
        <${Button} kind="secondary" icon="pencil" href=${`/posts/new?place=${place.id}`}>${t('feed.write')}<//>
      </div>
    <//>
  `;
}

/** Places at one spot, such as the floors of one house. @param {{box: [number, number, number, number], onClose: () => void}} props */
export function HeapHere({ box, onClose }) {
  // The box of one point has no width: a metre around it has.
  const [south, west, north, east] = box;
  const bbox = [south - 1e-5, west - 1e-5, north + 1e-5, east + 1e-5].map((edge) => edge.toFixed(6)).join(',');
  const { data: places, error } = useFetched(`/api/places?limit=50&bbox=${bbox}`, takePlaces);
  return html`
    <${Frame} title=${t('explore.same_spot')} onClose=${onClose}>
      ${places ? html`<ul class="explore-heap">${places.map((place) => html`<li key=${place.id}><${PlaceRow} place=${place} /></li>`)}</ul>` : error ? html`<p class="note error" role="alert">${errorText(error)}</p>` : html`<${Spinner} label=${t('loading')} />`}
    <//>
  `;
}

/** @param {{spots: import('../types.js').Cluster[] | null, error: unknown, onRetry: () => void}} props */
export function Summary({ spots, error, onRetry }) {
  if (!spots && !error) return html`<div class="explore-wait"><${Spinner} label=${t('loading')} /></div>`;
  const sum = (/** @type {'count' | 'lives'} */ key) => (spots ?? []).reduce((all, spot) => all + spot[key], 0);
  const [places, lives] = [sum('count'), sum('lives')];
  return html`
    <div class="spread">
      <p class="explore-count" role="status">
        ${error ? html`${errorText(error)} <button type="button" class="text-button" onClick=${onRetry}>${t('retry')}</button>` : places > 0 ? t('explore.places', { n: places }) : t('explore.none')}
        ${lives > 0 && html` · <b>${t('explore.lives', { n: lives })}</b>`}
      </p>
      <${Button} class="compact" icon="map-pinned" href="/vote?new=1">${t('explore.start')}<//>
    </div>
  `;
}
