/** The search box over known places: typed, debounced, steered by keys. Picking one shows it on the map. */
import { useEffect, useId, useRef, useState } from 'preact/hooks';
import { api } from '../api.js';
import { html } from '../html.js';
import { t } from '../i18n.js';
import { Icon } from '../ui/icon.js';
import { categoryName } from './categories.js';

/** Long enough to finish a syllable, short enough to feel immediate. */
const PAUSE = 220;
const RESULTS = 8;

/** @typedef {import('../types.js').Place} Place */

/**
 * What the server knows about `query`; an answer that a newer question overtook is dropped.
 * @param {string} query
 * @returns {{places: Place[], state: 'idle' | 'busy' | 'ready' | 'failed'}}
 */
function usePlaces(query) {
  const [found, setFound] = useState(/** @type {ReturnType<typeof usePlaces>} */ ({ places: [], state: 'idle' }));
  useEffect(() => {
    if (!query) {
      setFound({ places: [], state: 'idle' });
      return undefined;
    }
    let current = true;
    setFound(({ places }) => ({ places, state: 'busy' }));
    const timer = setTimeout(async () => {
      const path = `/api/places?q=${encodeURIComponent(query)}&limit=${RESULTS}`;
      const answer = await api.get(path).catch(() => null);
      if (current) setFound(answer ? { places: answer.places, state: 'ready' } : { places: [], state: 'failed' });
    }, PAUSE);
    return () => {
      current = false;
      clearTimeout(timer);
    };
  }, [query]);
  return found;
}

/**
 * @param {{ui: Pick<import('./room-ui.js').RoomUi, 'query'>, onPick: (place: Place) => void,
 *   onName?: (name: string) => void, disabled?: boolean}} props
 *   onName: nothing known is meant; the place is to be put on the map by hand
 */
export function PlaceSearch({ ui, onPick, onName, disabled = false }) {
  const query = ui.query.value;
  const wanted = query.trim();
  const { places, state } = usePlaces(wanted);
  const [active, setActive] = useState(-1);
  const [open, setOpen] = useState(false);
  const id = useId();
  const input = useRef(/** @type {HTMLInputElement | null} */ (null));
  useEffect(() => setActive(-1), [places]);

  const choices = places.length + (wanted && onName ? 1 : 0);
  const shown = open && wanted !== '' && state !== 'idle';
  const take = (/** @type {number} */ i) => {
    if (i >= choices) return;
    setOpen(false);
    if (i < places.length) onPick(places[i]);
    else onName?.(wanted);
    ui.query.value = '';
    input.current?.blur();
  };
  const onKey = (/** @type {KeyboardEvent} */ event) => {
    if (event.isComposing) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && shown && choices > 0) {
      event.preventDefault();
      setActive((active + step + choices + (active < 0 && step < 0 ? 1 : 0)) % choices);
    } else if (event.key === 'Enter' && shown) {
      event.preventDefault();
      if (active >= 0 || state === 'ready') take(Math.max(0, active));
    } else if (event.key === 'Escape' && open) {
      event.stopPropagation();
      setOpen(false);
    }
  };
  return html`
    <div class="place-search" onFocusOut=${(/** @type {FocusEvent} */ e) => {
      const { currentTarget, relatedTarget } = e;
      if (!(/** @type {Element} */ (currentTarget).contains(/** @type {Node | null} */ (relatedTarget)))) setOpen(false);
    }}>
      <div class="place-search-box">
        <${Icon} name="search" size=${20} />
        <input
          ref=${input}
          type="search"
          role="combobox"
          aria-label=${t('map.search')}
          placeholder=${t('map.search')}
          aria-expanded=${shown}
          aria-controls=${id}
          aria-autocomplete="list"
          aria-activedescendant=${shown && active >= 0 ? `${id}-${active}` : undefined}
          autocomplete="off"
          maxlength="60"
          disabled=${disabled}
          value=${query}
          onInput=${(/** @type {InputEvent} */ e) => {
            ui.query.value = /** @type {HTMLInputElement} */ (e.currentTarget).value;
            setOpen(true);
          }}
          onFocus=${() => setOpen(true)}
          onKeyDown=${onKey}
        />
      </div>
      ${shown && html`
        <ul id=${id} class="place-results" role="listbox" aria-label=${t('map.search_results')} data-testid="place-results">
          ${places.map((place, i) => html`<${Choice} key=${place.id} id=${`${id}-${i}`} active=${i === active} icon="map-pin" name=${place.name} about=${[categoryName(place.category, t), place.address].filter(Boolean).join(' · ')} onTake=${() => take(i)} />`)}
          ${!onName && places.length === 0 && state !== 'busy' && html`<li key="none" class="place-choice small muted">${note(state, 0)}</li>`}
          ${onName && html`<${Choice} key="new" id=${`${id}-${places.length}`} active=${active === places.length} icon="map-pin-plus" name=${t('map.search_new', { name: wanted })} about=${note(state, places.length)} onTake=${() => take(places.length)} />`}
        </ul>
      `}
      <p class="sr-only" role="status">${shown && state === 'ready' ? t('map.search_found', { n: places.length }) : ''}</p>
    </div>
  `;
}

/** @param {string} state @param {number} count */
function note(state, count) {
  if (state === 'failed') return t('map.search_failed');
  if (state === 'ready' && count === 0) return t('map.search_none');
  return t('map.search_new_text');
}

/** @param {{id: string, active: boolean, icon: string, name: string, about: string, onTake: () => void}} props */
function Choice({ id, active, icon, name, about, onTake }) {
  return html`
    <li id=${id} class=${`place-choice${active ? ' active' : ''}`} role="option" aria-selected=${active} tabindex="-1" onClick=${onTake}>
      <${Icon} name=${icon} size=${20} />
      <span class="place-choice-words"><b class="truncate">${name}</b>${about && html`<span class="small muted truncate">${about}</span>`}</span>
    </li>
  `;
}
