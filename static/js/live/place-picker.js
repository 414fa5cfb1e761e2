/** The optional place of a live: search the known ones, pick one, take it off again. */
import { useEffect, useState } from 'preact/hooks';
import { api } from '../api.js';
import { html } from '../html.js';
import { t } from '../i18n.js';
import { IconButton } from '../ui/button.js';
import { Field } from '../ui/field.js';
import { Icon } from '../ui/icon.js';

const PAUSE = 250; // ms without a key

/** @typedef {import('../types.js').Place} Place */

/** @param {{place: Place | null, onPlace: (place: Place | null) => void}} props */
export function PlacePicker({ place, onPlace }) {
  const [text, setText] = useState('');
  const found = useSearch(text);
  if (place) {
    return html`
      <div class="field">
        <span class="label">${t('golive.place')}</span>
        <div class="place-picked">
          <${Icon} name="map-pin" size=${20} /><b class="truncate">${place.name}</b>
          <${IconButton} icon="x" label=${t('golive.place_clear')} onClick=${() => onPlace(null)} />
        </div>
      </div>
    `;
  }
  const pick = (/** @type {Place} */ one) => {
    setText('');
    onPlace(one);
  };
  return html`
    <div class="place-search">
      <${Field} label=${t('golive.place')} optionalLabel=${t('optional')} name="place" value=${text} onValue=${setText}
        placeholder=${t('golive.place_placeholder')} autocomplete="off" maxlength="60" enterkeyhint="search"
        onKeyDown=${(/** @type {KeyboardEvent} */ e) => e.key === 'Enter' && e.preventDefault()} />
      ${found &&
      html`<ul class="place-found" aria-label=${t('golive.place_results')}>
        ${found.map(
          (one) => html`<li key=${one.id}>
            <button type="button" onClick=${() => pick(one)}><b>${one.name}</b><span class="muted small">${one.address ?? one.category ?? ''}</span></button>
          </li>`,
        )}
        ${found.length === 0 && html`<li class="muted small place-none">${t('golive.place_none', { q: text.trim() })}</li>`}
      </ul>`}
    </div>
  `;
}

/** @param {string} text @returns {Place[] | null} null: nothing asked, or no answer yet */
function useSearch(text) {
  const [found, setFound] = useState(/** @type {Place[] | null} */ (null));
  useEffect(() => {
    setFound((old) => (text.trim() ? old : null));
    if (!text.trim()) return undefined;
    let outdated = false;
    const timer = setTimeout(async () => {
      const body = await api.get(`/api/places?limit=6&q=${encodeURIComponent(text.trim())}`).catch(() => null);
      if (!outdated) setFound(body?.places ?? null);
    }, PAUSE);
    return () => {
      outdated = true;
      clearTimeout(timer);
    };
  }, [text]);
  return found;
}
