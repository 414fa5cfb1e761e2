/** Bring saved places: choose a file, see what would come and what would not, and only then send it. */
import { useRef, useState } from 'preact/hooks';
import { reach, toError } from '../api.js';
import { Problem } from '../auth/frame.js';
import { html } from '../html.js';
import { errorText, t } from '../i18n.js';
import { Button } from '../ui/button.js';
import { Icon } from '../ui/icon.js';
import { Section } from './frame.js';
import { Left, ToCome } from './import-preview.js';
import { BadFile, LARGEST, readPlaces } from './saved-places.js';

const LONGEST = 120_000; // ms; five thousand places are written in many small steps

/** @typedef {{added: number, known: number, skipped: number}} Imported */

export function Import() {
  const input = useRef(/** @type {HTMLInputElement | null} */ (null));
  const [found, setFound] = useState(/** @type {{name: string, text: string} & import('./saved-places.js').Found | null} */ (null));
  const [done, setDone] = useState(/** @type {Imported | null} */ (null));
  const [error, setError] = useState(/** @type {unknown} */ (null));
  const [busy, setBusy] = useState(false);
  const onChange = async (/** @type {Event} */ event) => {
    const field = /** @type {HTMLInputElement} */ (event.currentTarget);
    const file = field.files?.[0];
    if (!file) return;
    setDone(null);
    setError(null);
    setFound(null);
    try {
      if (file.size > LARGEST) throw new BadFile('import.too_large');
      const text = await file.text();
      setFound({ name: file.name, text, ...readPlaces(text) });
    } catch (reason) {
      setError(reason);
    } finally {
      field.value = '';
    }
  };
  const bring = async () => {
    if (!found) return;
    setBusy(true);
    setError(null);
    try {
      setDone(await send(found.text));
      setFound(null);
    } catch (reason) {
      setError(reason);
    } finally {
      setBusy(false);
    }
  };
  return html`
    <${Section} title=${t('account.import')} text=${t('account.import_text')} testId="import">
      <p class="muted small">${t('account.import_how')}</p>
      <input ref=${input} type="file" accept=".json,.geojson,application/json,application/geo+json" hidden onChange=${onChange} data-testid="import-input" />
      <${Problem} text=${error ? errorText(error) : null} />
      ${found
        ? html`
            <div class="import-preview" data-testid="import-preview">
              <h3>${found.name}</h3>
              <${ToCome} places=${found.places} />
              <${Left} left=${found.left} />
            </div>
            <div class="account-actions">
              ${found.places.length > 0 && html`<${Button} busy=${busy} onClick=${bring}>${t('account.import_do', { n: found.places.length })}<//>`}
              <${Button} kind="secondary" onClick=${() => setFound(null)}>${t('cancel')}<//>
            </div>
          `
        : html`<div class="account-actions"><${Button} kind="secondary" icon="map-pin-plus" onClick=${() => input.current?.click()}>${t('account.import_choose')}<//></div>`}
      <div role="status">${done && html`<${Result} done=${done} />`}</div>
    <//>
  `;
}

/** @param {{done: Imported}} props */
function Result({ done }) {
  const { added, known, skipped } = done;
  return html`
    <p class="note ok" data-testid="import-result"><${Icon} name="circle-check" size=${16} />${t('account.import_added', { n: added })}</p>
    ${known > 0 && html`<p class="muted small">${t('account.import_known', { n: known })}</p>`}
    ${skipped > 0 && html`<p class="muted small">${t('account.import_skipped', { n: skipped })}</p>`}
    <p><a href="/map">${t('account.import_map')}</a></p>
  `;
}

/** The file as it is. @param {string} body @returns {Promise<Imported>} */
async function send(body) {
  const headers = { Accept: 'application/json', 'Content-Type': 'application/geo+json' };
  const answer = await reach('/api/me/import', { method: 'POST', headers, body, signal: AbortSignal.timeout(LONGEST) });
  if (!answer.ok) throw await toError(answer);
  return answer.json();
}
