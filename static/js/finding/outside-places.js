/** Places that nobody here knows yet, from whom this server's host has chosen to ask. Taking one makes it known. */
import { useEffect, useState } from 'preact/hooks';
import { api } from '../api.js';
import { config, loadConfig } from '../config.js';
import { html } from '../html.js';
import { errorText, t } from '../i18n.js';
import { navigate } from '../router.js';
import { Button } from '../ui/button.js';
import { Spinner } from '../ui/spinner.js';
import { toast } from '../ui/toast.js';
import { PlaceFace } from './place-row.js';

/** @typedef {{name: string, at: import('../types.js').LatLng, category: string | null, address: string | null}} Found */

/** @param {{q: string}} props  what is searched for, not empty */
export function OutsidePlaces({ q }) {
  useEffect(() => void loadConfig().catch(() => {}), []);
  const asks = config.value?.place_search;
  if (!asks || asks.provider === 'own') return null;
  return html`<${Ask} key=${q} q=${q} atOnce=${asks.as_you_type} />`;
}

/** @param {{q: string, atOnce: boolean}} props */
function Ask({ q, atOnce }) {
  const [wanted, setWanted] = useState(atOnce);
  const [found, setFound] = useState(/** @type {{places: Found[], attribution: string} | null} */ (null));
  const [error, setError] = useState(/** @type {unknown} */ (null));
  useEffect(() => {
    if (!wanted) return undefined;
    let gone = false;
    api.get(`/api/places/external?q=${encodeURIComponent(q)}`).then(
      (body) => !gone && setFound(body),
      (reason) => {
        if (gone) return;
        setError(reason);
        setWanted(false);
      },
    );
    return () => {
      gone = true;
    };
  }, [wanted]);
  return html`
    <section class="outside" aria-label=${t('outside.title')} aria-busy=${wanted && !found}>
      <h2>${t('outside.title')}</h2>
      ${error && html`<p class="note error" role="alert">${errorText(error)}</p>`}
      ${found
        ? html`<${List} places=${found.places} attribution=${found.attribution} />`
        : wanted
          ? html`<${Spinner} label=${t('loading')} />`
          : html`<${Button} kind="secondary" icon="globe" onClick=${() => setWanted(true)}>${t(error ? 'retry' : 'outside.ask')}<//>`}
    </section>
  `;
}

/** @param {{places: Found[], attribution: string}} props */
function List({ places, attribution }) {
  const [taking, setTaking] = useState(-1);
  const take = async (/** @type {number} */ i) => {
    setTaking(i);
    const { name, at, category, address } = places[i];
    try {
      const { place } = await api.post('/api/places', { name, at, category, address });
      navigate(`/places/${place.id}`);
    } catch (error) {
      setTaking(-1);
      toast(errorText(error), { kind: 'error' });
    }
  };
  if (places.length === 0) return html`<p class="muted">${t('outside.none')}</p>`;
  return html`
    <ul>
      ${places.map(
        (place, i) => html`
          <li key=${i} class="place-row">
            <${PlaceFace} place=${place} />
            <${Button} class="compact" kind="secondary" icon="plus" busy=${taking === i} aria-label=${t('outside.take_who', { name: place.name })} onClick=${() => taking < 0 && take(i)}>${t('outside.take')}<//>
          </li>
        `,
      )}
    </ul>
    ${attribution && html`<p class="muted small">${attribution}</p>`}
  `;
}
