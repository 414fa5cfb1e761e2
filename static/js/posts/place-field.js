/** Where it was: what is chosen, and the sheet to choose in. */
import { useState } from 'preact/hooks';
import { html } from '../html.js';
import { t } from '../i18n.js';
import { categoryName } from '../share-map/categories.js';
import { Button } from '../ui/button.js';
import { Icon } from '../ui/icon.js';
import { FieldProblem, problemOf } from './field-problem.js';
import { PlaceSheet } from './place-sheet.js';

/** @typedef {{editor: import('./editor.js').Editor}} Props */

/** @param {Props} props */
export function PlaceField({ editor }) {
  const [open, setOpen] = useState(/** @type {'' | 'list' | 'hint'} */ (''));
  const { place } = editor.draft.value;
  const problem = problemOf(editor, 'place');
  const pick = (/** @type {import('./draft.js').DraftPlace} */ one) => {
    setOpen('');
    editor.choose(one);
  };
  return html`
    <section class=${`write-field${problem ? ' bad' : ''}`} aria-labelledby="write-place" data-testid="place">
      <h2 id="write-place">${t('write.place')}</h2>
      ${!place && html`<${Hint} editor=${editor} onUse=${() => setOpen('hint')} />`}
      <button type="button" class="place-choose" onClick=${() => setOpen('list')}>
        <${Icon} name=${place ? 'map-pin' : 'search'} size=${22} />
        ${place
          ? html`<span class="place-words"><b class="truncate">${place.name}</b><span class="muted small truncate">${about(place)}</span></span><span class="place-change small">${t('write.place_change')}</span>`
          : html`<span class="place-words"><b>${t('write.place_pick')}</b><span class="muted small">${t('write.place_pick_text')}</span></span><${Icon} name="chevron-right" size=${20} />`}
      </button>
      <${FieldProblem} text=${problem} />
      ${open && html`<${PlaceSheet} hint=${editor.hint.value} onPick=${pick} onClose=${() => setOpen('')} />`}
    </section>
  `;
}

/** A photo knows where it was taken: an offer, no more. @param {Props & {onUse: () => void}} props */
function Hint({ editor, onUse }) {
  if (!editor.hint.value) return null;
  return html`
    <div class="place-hint" role="status" data-testid="place-hint">
      <${Icon} name="locate" size=${20} />
      <p><b>${t('write.place_hint')}</b> <span class="muted small">${t('write.place_hint_text')}</span></p>
      <div class="row">
        <${Button} class="compact" onClick=${onUse}>${t('write.place_hint_use')}<//>
        <${Button} kind="quiet" class="compact" onClick=${() => (editor.hint.value = null)}>${t('write.place_hint_no')}<//>
      </div>
    </div>
  `;
}

/** @param {import('./draft.js').DraftPlace} place */
function about({ id, category, address }) {
  return [id === null && t('write.place_new'), categoryName(category, t), address].filter(Boolean).join(' · ');
}
