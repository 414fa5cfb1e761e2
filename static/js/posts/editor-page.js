/** The form of a record: one page, so that nothing is hidden, what is wrong can be gone to, and any order will do. */
import { useEffect, useRef } from 'preact/hooks';
import { html } from '../html.js';
import { errorText, t } from '../i18n.js';
import { navigate } from '../router.js';
import { Problem } from '../auth/frame.js';
import { Button, IconButton } from '../ui/button.js';
import { ask } from '../ui/dialog.js';
import { Icon } from '../ui/icon.js';
import { Spinner } from '../ui/spinner.js';
import { useTitle } from '../ui/title.js';
import { toast } from '../ui/toast.js';
import { today } from './editor.js';
import { CategoryField, DayField, RatingField, VisibilityField } from './facts-fields.js';
import { MenusField } from './menus-field.js';
import { PlaceField } from './place-field.js';
import { TextField } from './text-field.js';

/** @typedef {import('./editor.js').Editor} Editor */

/** @param {{editor: Editor}} props */
export function EditorPage({ editor }) {
  const form = useRef(/** @type {HTMLFormElement | null} */ (null));
  const title = t(editor.post ? 'write.title_edit' : 'write.title');
  useTitle(title);
  useEffect(() => editor.open(), [editor]);
  const send = async (/** @type {Event} */ event) => {
    event.preventDefault();
    const id = await editor.send();
    if (id === null) return goToProblem(form.current);
    toast(t(editor.post ? 'write.changed' : 'write.saved'), { kind: 'ok' });
    return navigate(`/posts/${id}`, { replace: true });
  };
  return html`
    <form class="write" ref=${form} onSubmit=${send} onKeyDown=${notOnEnter} novalidate data-testid="editor">
      <header class="write-top on-dark">
        <${IconButton} icon="x" label=${t('close')} onClick=${() => leave(editor)} />
        <h1>${title}</h1>
        <${Kept} editor=${editor} />
      </header>
      <div class="write-sheet">
        <${Restored} editor=${editor} />
        <div class="write-columns">
          <div class="write-column"><${MenusField} editor=${editor} /></div>
          <div class="write-column">
            <${PlaceField} editor=${editor} />
            <${CategoryField} editor=${editor} />
            <${TextField} editor=${editor} />
            <div class="write-pair"><${RatingField} editor=${editor} /><${DayField} editor=${editor} max=${today()} /></div>
            <${VisibilityField} editor=${editor} />
          </div>
        </div>
      </div>
      <${Bottom} editor=${editor} />
    </form>
  `;
}

/** @param {{editor: Editor}} props */
function Kept({ editor }) {
  const { value: kept } = editor.kept;
  if (kept === null) return html`<p class="write-kept small">${t('write.not_kept')}</p>`;
  return html`<p class="write-kept small" role="status">${editor.dirty.value && html`<${Icon} name="check" size=${16} />${t('write.kept')}`}</p>`;
}

/** What was found on the device, to go on with or to throw away. @param {{editor: Editor}} props */
function Restored({ editor }) {
  const { value: found } = editor.restored;
  const { value: place } = editor.offered;
  if (!found) return null;
  const words = found === 'stale' ? 'write.restored_stale' : editor.post ? 'write.restored_edit' : 'write.restored';
  return html`
    <div class="write-restored" role="status" data-testid="restored">
      <${Icon} name="bookmark" size=${20} />
      <p>${t(words)}</p>
      ${place && html`<${Button} kind="secondary" class="compact" onClick=${() => editor.choose(place)}>${t('write.use_place', { place: place.name })}<//>`}
      <${Button} kind="quiet" class="compact" onClick=${() => discard(editor)}>${t('write.discard')}<//>
      <${IconButton} icon="x" label=${t('close')} onClick=${() => (editor.restored.value = '')} />
    </div>
  `;
}

/** @param {{editor: Editor}} props */
function Bottom({ editor }) {
  const problems = editor.problems.value;
  const loose = problems.find(({ field }) => field === '');
  const text = loose ? errorText(loose.error) : problems.length ? t('write.problems', { n: problems.length }) : null;
  const left = [...editor.uploads.all.value.values()].filter(({ state }) => state === 'waiting' || state === 'sending').length;
  const waiting = editor.waiting.value;
  return html`
    <footer class="write-bottom">
      <${Problem} text=${text} />
      ${waiting && html`<p class="write-waiting" role="status"><${Spinner} size=${18} /><span>${t('write.waiting', { n: left })}</span>
        <${Button} kind="quiet" class="compact" onClick=${() => editor.stopWaiting()}>${t('write.wait_stop')}<//></p>`}
      ${!waiting && html`<p class="sr-only" role="status">${left ? t('write.uploads_left', { n: left }) : ''}</p>`}
      <div class="write-actions">
        ${editor.dirty.value && html`<${Button} kind="quiet" class="write-discard" onClick=${() => discard(editor)}>${t('write.discard')}<//>`}
        <${Button} type="submit" wide busy=${editor.busy.value}>${t(editor.post ? 'write.submit_edit' : 'write.submit')}<//>
      </div>
    </footer>
  `;
}

/** A phone's Enter key in a field is no wish to be done. @param {KeyboardEvent} event */
function notOnEnter(event) {
  if (event.key === 'Enter' && event.target instanceof HTMLInputElement) event.preventDefault();
}

/** What was typed is kept, so nobody is asked. @param {Editor} editor */
function leave(editor) {
  if (editor.post) navigate(`/posts/${editor.post.id}`);
  else if (window.history.length > 1) window.history.back();
  else navigate('/');
}

/** @param {Editor} editor */
async function discard(editor) {
  const text = t(editor.post ? 'write.discard_edit_text' : 'write.discard_text');
  if (!(await ask({ title: t('write.discard_title'), text, yes: t('write.discard'), danger: true }))) return;
  editor.discard();
  toast(t('write.discarded'));
  window.scrollTo(0, 0);
}

/** To the first field that needs another look, once it says so. @param {HTMLElement | null} form */
function goToProblem(form) {
  requestAnimationFrame(() => {
    const wrong = /** @type {HTMLElement | null | undefined} */ (form?.querySelector('[aria-invalid="true"], .bad button'));
    wrong?.scrollIntoView({ block: 'center', behavior: 'smooth' });
    wrong?.focus({ preventScroll: true });
  });
}
