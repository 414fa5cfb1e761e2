/** The text of a record, by its author or with a machine's help. */
import { useEffect, useId, useMemo, useRef } from 'preact/hooks';
import { html } from '../html.js';
import { t } from '../i18n.js';
import { LONGEST_TEXT } from './draft.js';
import { DraftPanel } from './draft-panel.js';
import { DraftWriter } from './draft-writer.js';
import { FieldProblem, problemOf } from './field-problem.js';
import { typed } from './words.js';

const COUNT_FROM = 4_500;

/** @param {{editor: import('./editor.js').Editor}} props */
export function TextField({ editor }) {
  const { words, before } = editor.draft.value;
  const writer = useMemo(() => new DraftWriter(editor), [editor]);
  useEffect(() => () => writer.stop(), [writer]);
  const id = useId();
  const box = useRef(/** @type {HTMLTextAreaElement | null} */ (null));
  useEffect(() => grow(box.current), [words.text]);
  const problem = problemOf(editor, 'text');
  const writing = writer.writing.value;
  const count = [...words.text].length;
  return html`
    <section class=${`write-field${problem ? ' bad' : ''}`} aria-busy=${writing}>
      <label class="write-label" for=${id}>${t('write.text')} <span class="muted small">${t('optional')}</span></label>
      <div class="input text-input">
        <textarea ref=${box} id=${id} name="text" rows="5" placeholder=${writing ? '' : t('write.text_placeholder')} value=${words.text} readonly=${writing}
          aria-invalid=${problem ? 'true' : undefined} aria-describedby=${problem ? `${id}-note` : undefined}
          onInput=${(/** @type {InputEvent} */ e) => editor.set(typed({ words, before }, /** @type {HTMLTextAreaElement} */ (e.currentTarget).value), 'text')}></textarea>
      </div>
      <${FieldProblem} id=${`${id}-note`} text=${problem} />
      ${count > COUNT_FROM && html`<p class="note">${t('write.text_count', { n: count, max: LONGEST_TEXT })}</p>`}
      <${DraftPanel} editor=${editor} writer=${writer} />
    </section>
  `;
}

/** As tall as its text. @param {HTMLTextAreaElement | null} box */
function grow(box) {
  if (!box) return;
  box.style.height = 'auto';
  box.style.height = `${box.scrollHeight}px`;
}
