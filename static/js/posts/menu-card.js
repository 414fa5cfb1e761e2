/** One menu of the form: its photo, its name and price, a line about it; moved, marked, removed. */
import { useRef, useState } from 'preact/hooks';
import { html } from '../html.js';
import { t } from '../i18n.js';
import { IconButton } from '../ui/button.js';
import { ask } from '../ui/dialog.js';
import { Field } from '../ui/field.js';
import { STAR } from './star-row.js';
import { LONGEST_NAME, isBlankMenu } from './draft.js';
import { problemOf } from './field-problem.js';
import { PhotoSlot } from './photo-slot.js';
import { Guesses } from './suggestion-panel.js';

/** @typedef {{editor: import('./editor.js').Editor, menu: import('./draft.js').DraftMenu, n: number, count: number}} Props */
/** @typedef {import('./suggestion.js').Suggestion} Suggestion */

/** @param {Props & {suggestion: Suggestion}} props */
export function MenuCard({ editor, suggestion, menu, n, count }) {
  const { key } = menu;
  const card = useRef(/** @type {HTMLElement | null} */ (null));
  const pick = (/** @type {string} */ name) => {
    editor.write(key, 'name', name);
    card.current?.focus(); // the button is gone; a field would open the keyboard of a phone
  };
  const write = (/** @type {'name' | 'price' | 'text'} */ what) => (/** @type {string} */ text) => editor.write(key, what, text);
  return html`
    <li class="menu-card" ref=${card} tabindex="-1" aria-label=${t('write.menu_n', { n })} data-testid="menu-card">
      <${PhotoSlot} editor=${editor} menu=${menu} n=${n} />
      <div class="menu-card-words">
        <${Field} label=${t('write.menu_name')} name="menu-name" value=${menu.name} onValue=${write('name')} placeholder=${t('write.menu_name_placeholder')}
          maxlength=${LONGEST_NAME} autocomplete="off" error=${problemOf(editor, `${key}.name`)} />
        <${Field} label=${t('write.menu_price')} optionalLabel=${t('optional')} name="menu-price" inputmode="numeric" value=${menu.price} onValue=${write('price')} placeholder="12,000"
          autocomplete="off" maxlength="14" error=${problemOf(editor, `${key}.price`)} />
      </div>
      ${!menu.name.trim() && html`<${Guesses} names=${suggestion.names.value} onPick=${pick} />`}
      <${Field} label=${t('write.menu_text')} optionalLabel=${t('optional')} name="menu-text" value=${menu.text} onValue=${write('text')} placeholder=${t('write.menu_text_placeholder')}
        maxlength="500" autocomplete="off" error=${problemOf(editor, `${key}.text`)} />
      <${Tools} editor=${editor} menu=${menu} n=${n} count=${count} />
    </li>
  `;
}

/** @param {Props} props */
function Tools({ editor, menu, n, count }) {
  const [moved, setMoved] = useState('');
  const move = (/** @type {-1 | 1} */ step) => {
    editor.move(menu.key, step);
    setMoved(t('write.menu_moved', { n: n + step }));
  };
  const main = menu.main || (n === 1 && !editor.draft.value.menus.some((one) => one.main));
  if (count === 1 && isBlankMenu(menu)) return null;
  return html`
    <div class="menu-tools">
      ${count > 1 && html`
        <button type="button" class="main-mark" aria-pressed=${main} onClick=${() => editor.makeMain(menu.key)}>
          <svg viewBox="0 0 24 24" width="18" height="18" aria-hidden="true"><path d=${STAR} /></svg>${t('write.menu_main')}
        </button>`}
      <span class="menu-tools-right">
        ${count > 1 && html`
          <${IconButton} icon="chevron-up" label=${t('write.menu_up', { n })} disabled=${n === 1} onClick=${() => move(-1)} />
          <${IconButton} icon="chevron-down" label=${t('write.menu_down', { n })} disabled=${n === count} onClick=${() => move(1)} />`}
        <${IconButton} icon="trash-2" label=${t('write.menu_remove', { n })} onClick=${() => remove(editor, menu, n)} />
      </span>
      <span class="sr-only" role="status">${moved}</span>
    </div>
  `;
}

/** @param {import('./editor.js').Editor} editor @param {import('./draft.js').DraftMenu} menu @param {number} n */
async function remove(editor, menu, n) {
  const name = menu.name.trim() || t('write.menu_n', { n });
  if (!isBlankMenu(menu) && !(await ask({ title: t('write.menu_remove_title', { name }), text: t('write.menu_remove_text'), yes: t('write.remove'), danger: true }))) return;
  editor.removeMenu(menu.key);
}
