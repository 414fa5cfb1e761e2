/** The photo of one menu: nothing yet, on its way (with progress, to be stopped), stuck (to be tried again), or there. */
import { useEffect, useMemo, useRef } from 'preact/hooks';
import { html } from '../html.js';
import { errorText, t } from '../i18n.js';
import { Button, IconButton } from '../ui/button.js';
import { Icon } from '../ui/icon.js';
import { fileOf } from '../renditions.js';
import { FieldProblem, problemOf } from './field-problem.js';
import { ACCEPT, filesOf } from './menus-field.js';

/**
 * @typedef {import('./uploads.js').Upload} Upload
 * @typedef {{editor: import('./editor.js').Editor, menu: import('./draft.js').DraftMenu, n: number}} Props
 */

/** @param {Props} props */
export function PhotoSlot({ editor, menu, n }) {
  const { key, photo } = menu;
  const upload = editor.uploads.all.value.get(key);
  const lost = editor.lost.value.has(key);
  const input = useRef(/** @type {HTMLInputElement | null} */ (null));
  const pick = () => input.current?.click();
  const problem = upload?.state === 'failed' ? errorText(upload.error) : lost ? t('write.photo_lost') : problemOf(editor, `${key}.photo`);
  return html`
    <div class=${`photo-slot${problem ? ' bad' : ''}`} data-testid="photo-slot" data-state=${upload?.state ?? (photo ? 'done' : 'empty')}>
      ${upload
        ? html`<${Sending} editor=${editor} menu=${menu} n=${n} upload=${upload} />`
        : photo && !lost
          ? html`<button type="button" class="photo-face" aria-label=${t('write.photo_change', { n })} onClick=${pick}>
              <img src=${fileOf(photo, 256)} alt="" width=${photo.width} height=${photo.height} onError=${() => editor.photoIsGone(key)} />
            </button>`
          : html`<button type="button" class="photo-face empty" aria-label=${t('write.photo_add', { n })} onClick=${pick}><${Icon} name="image-plus" size=${26} /><span class="small">${t('write.photo')}</span></button>`}
      ${(upload || photo) && upload?.state !== 'sending' && upload?.state !== 'waiting' && html`<${IconButton} class="photo-x" kind="glass" icon="x" label=${t('write.photo_remove', { n })} onClick=${() => editor.removePhoto(key)} />`}
      <input ref=${input} type="file" class="sr-only" tabindex="-1" aria-hidden="true" accept=${ACCEPT} data-testid="photo"
        onChange=${(/** @type {Event} */ e) => filesOf(e).slice(0, 1).forEach((file) => editor.setPhoto(key, file))} />
      <${FieldProblem} text=${problem} />
    </div>
  `;
}

/** @param {Props & {upload: Upload}} props */
function Sending({ editor, menu: { key }, n, upload }) {
  const { state, progress, file } = upload;
  const preview = usePreview(file);
  const percent = Math.round(progress * 100);
  const moving = state === 'waiting' || state === 'sending';
  return html`
    <div class=${`photo-face ${state}`}>
      <img src=${preview} alt="" onError=${hide} />
      <div class="photo-over on-dark">
        ${moving && html`
          <progress max="100" value=${percent} aria-label=${t('write.menu_n', { n })}></progress>
          <span class="small">${wordsFor(state, percent)}</span>
          <${IconButton} kind="glass" icon="x" label=${t('write.photo_cancel', { n })} onClick=${() => editor.uploads.cancel(key)} />`}
        ${!moving && html`
          <span class="small">${state === 'cancelled' ? t('write.photo_cancelled') : null}</span>
          <${Button} kind="primary" class="compact" icon="refresh-cw" onClick=${() => editor.uploads.retry(key)}>${t('write.photo_retry')}<//>`}
      </div>
    </div>
  `;
}

/** @param {Upload['state']} state @param {number} percent */
function wordsFor(state, percent) {
  if (state === 'waiting') return t('write.photo_waiting');
  return percent < 100 ? t('write.photo_sending', { n: percent }) : t('write.photo_working');
}

/** The chosen file itself, as long as it is shown. @param {Blob} file */
function usePreview(file) {
  const url = useMemo(() => URL.createObjectURL(file), [file]);
  useEffect(() => () => URL.revokeObjectURL(url), [url]);
  return url;
}

/** HEIC, in a browser that cannot read it: the server can. @param {Event} event */
function hide(event) {
  /** @type {HTMLElement} */ (event.currentTarget).style.visibility = 'hidden';
}
