/** One's picture: choose, see it as the circle that others will see, take it away. Saved with the form. */
import { useEffect, useRef, useState } from 'preact/hooks';
import { api } from '../api.js';
import { html } from '../html.js';
import { errorText, t } from '../i18n.js';
import { Avatar } from '../ui/avatar.js';
import { Button } from '../ui/button.js';
import { Icon } from '../ui/icon.js';
import { uploadPhoto } from '../upload.js';

/** @typedef {import('../types.js').PictureView} PictureView */

/**
 * @param {object} props
 * @param {import('../types.js').Account} props.account
 * @param {PictureView | null | undefined} props.face  undefined: as it is; null: taken away
 * @param {(face: PictureView | null) => void} props.onFace
 * @param {(uploading: boolean) => void} props.onUploading
 */
export function FaceField({ account, face, onFace, onUploading }) {
  const input = useRef(/** @type {HTMLInputElement | null} */ (null));
  const { done, error, send, cancel } = useUpload((picture) => {
    if (face) discard(face);
    onFace(picture);
  }, onUploading);
  const photo = face === undefined ? account.photo : (face?.urls['256'] ?? null);
  const busy = done !== null;
  const onChange = (/** @type {Event} */ event) => {
    const field = /** @type {HTMLInputElement} */ (event.currentTarget);
    const file = field.files?.[0];
    field.value = ''; // the same file may be chosen again
    if (file) void send(file);
  };
  const remove = () => {
    if (face) discard(face);
    onFace(null);
  };
  return html`
    <div class="face-field" role="group" aria-label=${t('account.face')}>
      <${Avatar} person=${{ ...account, photo }} size=${112} label=${t('account.face')} />
      <div class="face-actions">
        <input ref=${input} type="file" accept="image/*" hidden onChange=${onChange} data-testid="face-input" />
        ${busy
          ? html`<${Uploading} done=${done} onCancel=${cancel} />`
          : html`
              <${Button} kind="secondary" class="compact" icon="camera" onClick=${() => input.current?.click()}>${t(photo ? 'account.face_change' : 'account.face_choose')}<//>
              ${photo && html`<${Button} kind="quiet" class="compact" onClick=${remove}>${t('account.face_remove')}<//>`}
            `}
        <p class=${`note${error ? ' error' : ''}`} aria-live="polite">
          ${error ? html`<${Icon} name="circle-alert" size=${16} />${errorText(error)}` : face === undefined ? t('account.face_hint') : t('account.face_unsaved')}
        </p>
      </div>
    </div>
  `;
}

/** @param {{done: number, onCancel: () => void}} props */
function Uploading({ done, onCancel }) {
  return html`
    <label class="face-progress"><span class="small">${t(done < 1 ? 'account.face_sending' : 'account.face_making')}</span><progress value=${done < 1 ? done : undefined} /></label>
    <${Button} kind="quiet" class="compact" onClick=${onCancel}>${t('cancel')}<//>
  `;
}

/**
 * @param {(picture: PictureView) => void} onDone
 * @param {(uploading: boolean) => void} onUploading
 */
function useUpload(onDone, onUploading) {
  const [done, setDone] = useState(/** @type {number | null} */ (null));
  const [error, setError] = useState(/** @type {unknown} */ (null));
  const abort = useRef(new AbortController());
  useEffect(() => () => abort.current.abort(), []);
  const send = async (/** @type {File} */ file) => {
    abort.current = new AbortController();
    const { signal } = abort.current;
    setError(null);
    setDone(0);
    onUploading(true);
    try {
      const { photo } = await uploadPhoto(file, { onProgress: setDone, signal });
      onDone(photo);
    } catch (reason) {
      if (!signal.aborted) setError(reason);
    } finally {
      setDone(null);
      onUploading(false);
    }
  };
  return { done, error, send, cancel: () => abort.current.abort() };
}

/** An upload that will not be used; if this fails it goes by itself the day after. @param {PictureView} picture */
function discard(picture) {
  void api.delete(`/api/photos/${picture.id}`).catch(() => {});
}
