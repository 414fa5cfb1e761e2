/** Naming a spot on the map: what was typed stays while the pin moves, and while the network is away. */
import { useEffect, useRef } from 'preact/hooks';
import { html } from '../html.js';
import { errorText, t } from '../i18n.js';
import { Button, IconButton } from '../ui/button.js';
import { Field } from '../ui/field.js';
import { CATEGORIES } from './categories.js';

/**
 * @typedef {import('./room-ui.js').RoomUi} RoomUi
 * @typedef {import('./room-ui.js').Draft} Draft
 */

/** @param {{ui: RoomUi, onSubmit: (draft: Draft) => void}} props */
export function DraftCard({ ui, onSubmit }) {
  const draft = ui.draft.value;
  const box = useRef(/** @type {HTMLElement | null} */ (null));
  const spot = draft?.at.join();
  useEffect(() => box.current?.querySelector('input')?.focus({ preventScroll: true }), [spot]);
  if (!draft) return null;
  const set = (/** @type {Partial<Draft>} */ change) => (ui.draft.value = { ...draft, problem: null, ...change });
  const ready = draft.name.trim() !== '';
  return html`
    <section class="place-card draft-card" ref=${box} aria-label=${t('map.draft')} data-testid="draft-card"
      onKeyDown=${(/** @type {KeyboardEvent} */ e) => e.key === 'Escape' && ui.dropNothing()}>
      <form onSubmit=${(/** @type {Event} */ e) => {
        e.preventDefault();
        if (ready && !draft.busy) onSubmit(draft);
      }}>
        <header class="spread">
          <h2>${t('map.draft')}</h2>
          <${IconButton} icon="x" label=${t('cancel')} onClick=${() => ui.dropNothing()} />
        </header>
        <${Field} label=${t('map.draft_name')} value=${draft.name} maxlength="60" autocomplete="off" enterkeyhint="done"
          hint=${t('map.draft_hint')} error=${draft.problem && errorText(draft.problem)}
          onValue=${(/** @type {string} */ name) => set({ name })} />
        <div class="chips" role="group" aria-label=${t('map.category')}>
          ${Object.entries(CATEGORIES).map(([key, word]) => {
            const on = draft.category === word;
            return html`<button key=${key} type="button" class="chip" aria-pressed=${on} onClick=${() => set({ category: on ? '' : word })}>${t(`map.category_${key}`)}</button>`;
          })}
        </div>
        <${Button} type="submit" icon="plus" wide busy=${draft.busy} disabled=${!ready}>${t('map.nominate')}<//>
      </form>
    </section>
  `;
}
