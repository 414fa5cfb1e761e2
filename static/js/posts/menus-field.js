/** What was eaten: pick photos for menus, then write beside each. */
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { html } from '../html.js';
import { t } from '../i18n.js';
import { Button } from '../ui/button.js';
import { Icon } from '../ui/icon.js';
import { toast } from '../ui/toast.js';
import { MENUS_MAX } from './draft.js';
import { FieldProblem, problemOf } from './field-problem.js';
import { MenuCard } from './menu-card.js';
import { Suggestion } from './suggestion.js';
import { SuggestionPanel } from './suggestion-panel.js';

/** Some systems know HEIC by its ending only. */
export const ACCEPT = 'image/*,.heic,.heif';

/** @typedef {import('./editor.js').Editor} Editor */

/** @param {{editor: Editor}} props */
export function MenusField({ editor }) {
  const { menus } = editor.draft.value;
  const [dropping, setDropping] = useState(false);
  const suggestion = useMemo(() => new Suggestion(editor), [editor]);
  useEffect(() => () => suggestion.stop(), [suggestion]);
  const full = menus.length >= MENUS_MAX && menus.every(({ photo, file }) => photo || file);
  const onDrop = (/** @type {DragEvent} */ event) => {
    event.preventDefault();
    setDropping(false);
    take(editor, [...(event.dataTransfer?.files ?? [])]);
  };
  return html`
    <section class=${`write-field write-menus${dropping ? ' dropping' : ''}`} aria-labelledby="write-menus"
      onDragOver=${(/** @type {DragEvent} */ e) => {
        if (!e.dataTransfer?.types.includes('Files')) return;
        e.preventDefault();
        setDropping(true);
      }}
      onDragLeave=${(/** @type {DragEvent} */ e) => !(/** @type {Element} */ (e.currentTarget).contains(/** @type {Node | null} */ (e.relatedTarget))) && setDropping(false)}
      onDrop=${onDrop}>
      <h2 id="write-menus">${t('write.menus')}</h2>
      <p class="muted small">${t('write.menus_text', { n: MENUS_MAX })}</p>
      ${!full && html`<${PickPhotos} editor=${editor} dropping=${dropping} />`}
      <${SuggestionPanel} editor=${editor} suggestion=${suggestion} />
      <ol class="menu-cards">
        ${menus.map((menu, i) => html`<${MenuCard} key=${menu.key} editor=${editor} suggestion=${suggestion} menu=${menu} n=${i + 1} count=${menus.length} />`)}
      </ol>
      <${FieldProblem} text=${problemOf(editor, 'menus')} />
      ${menus.length < MENUS_MAX && html`<${Button} kind="secondary" icon="plus" wide onClick=${() => editor.addMenu()}>${t('write.menu_add')}<//>`}
    </section>
  `;
}

/** @param {{editor: Editor, dropping: boolean}} props */
function PickPhotos({ editor, dropping }) {
  const input = useRef(/** @type {HTMLInputElement | null} */ (null));
  return html`
    <button type="button" class="pick-photos" onClick=${() => input.current?.click()}>
      <${Icon} name="image-plus" size=${28} />
      <span><b>${t(dropping ? 'write.drop' : 'write.pick_photos')}</b><span class="small">${t('write.pick_photos_text')}</span></span>
    </button>
    <input ref=${input} type="file" class="sr-only" tabindex="-1" aria-hidden="true" accept=${ACCEPT} multiple data-testid="photos"
      onChange=${(/** @type {Event} */ e) => take(editor, filesOf(e))} />
  `;
}

/** The files of an input, which may then be asked for the same ones again. @param {Event} event */
export function filesOf(event) {
  const input = /** @type {HTMLInputElement} */ (event.currentTarget);
  const files = [...(input.files ?? [])];
  input.value = '';
  return files;
}

/** @param {Editor} editor @param {File[]} files */
function take(editor, files) {
  const left = editor.addPhotos(files);
  if (left > 0) toast(t('write.too_many', { n: left, max: MENUS_MAX }), { kind: 'error' });
}
