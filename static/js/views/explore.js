/** The map of everything known: what is where, of which kind, and who is live. Where one looks is in the address. */
import { signal } from '@preact/signals';
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks';
import { api } from '../api.js';
import { loadConfig } from '../config.js';
import { CategoryLinks, kindIn } from '../finding/category-links.js';
import { HeapHere, PlaceHere, Summary } from '../finding/explore-card.js';
import { ExploreMap } from '../finding/explore-map.js';
import { viewIn, viewText } from '../finding/spots-source.js';
import { html } from '../html.js';
import { errorText, locale, t } from '../i18n.js';
import { withQuery } from '../match.js';
import { location, navigate } from '../router.js';
import { CATEGORIES } from '../share-map/categories.js';
import { PlaceSearch } from '../share-map/place-search.js';
import { IconButton } from '../ui/button.js';
import { useTitle } from '../ui/title.js';
import { toast } from '../ui/toast.js';
import { wide } from '../wide.js';

const NEAR = 16; // the zoom of a place that was searched for

/**
 * @typedef {import('../types.js').Place} Place
 * @typedef {import('../types.js').Cluster} Cluster
 */

/** The same page, one thing of its address changed; neither scrolls nor adds to Back. @param {Record<string, string>} changed */
function readdress(changed) {
  if (location.peek().path !== '/map') return;
  const query = new URLSearchParams(location.peek().query);
  for (const [name, value] of Object.entries(changed)) {
    if (value) query.set(name, value);
    else query.delete(name);
  }
  navigate(withQuery('/map', query), { replace: true, scroll: false });
}

export default function Explore() {
  useTitle(t('explore.title'));
  const { query } = location.value;
  const kind = kindIn(query);
  const ui = useMemo(() => /** @type {any} */ ({ query: signal('') }), []);
  const [chosen, setChosen] = useState(/** @type {Place | null} */ (null));
  const [heap, setHeap] = useState(/** @type {Cluster | null} */ (null));
  const choose = (/** @type {Place | null} */ place) => {
    setHeap(null);
    setChosen(place);
    readdress({ place: place ? String(place.id) : '' });
  };
  const { box, map, spots, error } = useExploreMap({ kind, onPlace: choose, onHeap: setHeap, onGround: () => choose(null) });
  const card = useRef(/** @type {HTMLDivElement | null} */ (null));

  useEffect(() => map?.spots.show(withChosen(spots ?? [], chosen), chosen?.id ?? null), [map, spots, chosen]);
  useEffect(() => {
    const id = query.get('place');
    if (!map || !id || chosen) return;
    api.get(`/api/places/${encodeURIComponent(id)}`).then(
      ({ place }) => {
        setChosen(place);
        if (!viewIn(query.get('at'))) map.canvas.show([place.at[0], place.at[1], NEAR], { animate: false });
      },
      (reason) => toast(errorText(reason), { kind: 'error' }),
    );
  }, [map]);
  useLayoutEffect(() => {
    const element = card.current;
    if (!map || !chosen || !element) return undefined;
    // The card grows when it knows more, and must not bury its own pin.
    const grown = new ResizeObserver(() => {
      map.cover(wide.peek() ? { left: element.offsetWidth + 24 } : { bottom: element.offsetHeight + 12 });
      map.canvas.reveal(chosen.at);
    });
    grown.observe(element);
    return () => grown.disconnect();
  }, [map, chosen]);

  const pick = (/** @type {Place} */ place) => {
    choose(place);
    map?.canvas.visit(place.at, NEAR);
  };
  return html`
    <div class="explore">
      <h1 class="sr-only">${t('explore.title')}</h1>
      <div class="explore-map room-map" ref=${box} data-testid="explore-map"></div>
      <div class="explore-top">
        <${PlaceSearch} ui=${ui} onPick=${pick} />
        <${CategoryLinks} current=${kind} hrefOf=${(/** @type {string} */ one) => hrefWith(query, one)} />
      </div>
      ${map && html`<${Zoom} map=${map} />`}
      <div class=${`explore-card${chosen || heap ? ' open' : ''}`} ref=${card}>
        ${heap
          ? html`<${HeapHere} box=${heap.box} onClose=${() => setHeap(null)} />`
          : chosen
            ? html`<${PlaceHere} key=${chosen.id} place=${chosen} onClose=${() => choose(null)} />`
            : html`<${Summary} spots=${spots} error=${error} onRetry=${() => map?.again()} />`}
      </div>
    </div>
  `;
}

/** @param {{kind: string, onPlace: (place: Place) => void, onHeap: (cluster: Cluster) => void, onGround: () => void}} props */
function useExploreMap({ kind, ...press }) {
  const box = useRef(/** @type {HTMLDivElement | null} */ (null));
  const [map, setMap] = useState(/** @type {ExploreMap | null} */ (null));
  const [spots, setSpots] = useState(/** @type {Cluster[] | null} */ (null));
  const [error, setError] = useState(/** @type {unknown} */ (null));
  const pressed = useRef(press);
  pressed.current = press;
  useEffect(() => {
    const element = box.current;
    if (!element) return undefined;
    let made = /** @type {ExploreMap | null} */ (null);
    let gone = false;
    loadConfig().then((config) => {
      if (gone) return;
      const view = viewIn(location.peek().query.get('at')) ?? [...config.center, config.zoom];
      made = new ExploreMap(element, { config, view: /** @type {[number, number, number]} */ (view), lang: locale.peek() }, {
        onPlace: (place) => pressed.current.onPlace(place),
        onHeap: (cluster) => pressed.current.onHeap(cluster),
        onGround: () => pressed.current.onGround(),
        onSpots: (found) => {
          setSpots(found);
          setError(null);
        },
        onFailure: setError,
        onRest: (at) => readdress({ at: viewText(at) }),
      });
      setMap(made);
    }, setError);
    return () => {
      gone = true;
      made?.close();
      setMap(null);
    };
  }, [locale.value]);
  useEffect(() => map?.show(CATEGORIES[kind] ?? null), [map, kind]);
  return { box, map, spots, error };
}

/** The chosen place stays on the map when a heap has swallowed it. @param {Cluster[]} spots @param {Place | null} chosen @returns {Cluster[]} */
function withChosen(spots, chosen) {
  if (!chosen || spots.some(({ place }) => place?.id === chosen.id)) return spots;
  const [lat, lng] = chosen.at;
  return [...spots, { at: chosen.at, box: [lat, lng, lat, lng], count: 1, lives: 0, snapshot: null, place: chosen }];
}

/** @param {URLSearchParams} query @param {string} kind */
function hrefWith(query, kind) {
  const wanted = new URLSearchParams(query);
  if (kind === 'all') wanted.delete('category');
  else wanted.set('category', kind);
  return withQuery('/map', wanted);
}

/** @param {{map: ExploreMap}} props */
function Zoom({ map }) {
  return html`<div class="explore-zoom">
    <${IconButton} icon="plus" label=${t('explore.zoom_in')} onClick=${() => map.canvas.map.zoomIn()} />
    <${IconButton} icon="minus" label=${t('explore.zoom_out')} onClick=${() => map.canvas.map.zoomOut()} />
  </div>`;
}
