/** Name, bio and picture, saved together; what was typed outlives an error and a reload. */
import { useMemo, useState } from 'preact/hooks';
import { ApiError } from '../api.js';
import { Problem } from '../auth/frame.js';
import { html } from '../html.js';
import { errorText, t } from '../i18n.js';
import { navigate } from '../router.js';
import { Button } from '../ui/button.js';
import { Field } from '../ui/field.js';
import { toast } from '../ui/toast.js';
import { memberPath } from '../people/paths.js';
import { BioField } from './bio-field.js';
import { FaceField } from './face-field.js';
import { kept } from './kept.js';

/** @typedef {import('../types.js').PictureView} PictureView */

/** @param {import('./use-account.js').AccountState} props */
export function ProfileForm({ account, change }) {
  const draft = useMemo(() => kept('profile', { name: account.name, bio: account.bio }), []);
  const [values, setValues] = useState(draft.values);
  /** undefined: as it is; null: taken away. */
  const [face, setFace] = useState(/** @type {PictureView | null | undefined} */ (undefined));
  const [uploading, setUploading] = useState(false);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState(/** @type {unknown} */ (null));
  const set = (/** @type {string} */ name) => (/** @type {string} */ value) => {
    const next = { ...values, [name]: value };
    draft.keep(next);
    setValues(next);
    setError(null);
  };
  const onSubmit = async (/** @type {Event} */ event) => {
    event.preventDefault();
    if (busy || uploading) return;
    setBusy(true);
    try {
      await change({ ...values, ...(face === undefined ? {} : { photo_id: face?.id ?? null }) });
      draft.forget();
      toast(t('account.saved'), { kind: 'ok' });
      navigate(memberPath(account.username));
    } catch (reason) {
      setError(reason);
    } finally {
      setBusy(false);
    }
  };
  const field = error instanceof ApiError ? error.field : null;
  const at = (/** @type {string} */ name) => (field === name ? errorText(error) : null);
  return html`
    <form class="account-form" onSubmit=${onSubmit} novalidate>
      <${FaceField} account=${account} face=${face} onFace=${setFace} onUploading=${setUploading} />
      <${Field} name="name" label=${t('auth.name')} value=${values.name} onValue=${set('name')} error=${at('name')} hint=${t('auth.name_hint')}
        maxlength="20" autocomplete="nickname" />
      <${BioField} value=${values.bio} onValue=${set('bio')} error=${at('bio')} />
      <${Problem} text=${error && field !== 'name' && field !== 'bio' ? errorText(error) : null} />
      <div class="account-actions">
        <${Button} type="submit" busy=${busy} disabled=${uploading}>${t('save')}<//>
        <${Button} kind="secondary" href=${memberPath(account.username)} onClick=${draft.forget}>${t('cancel')}<//>
      </div>
    </form>
  `;
}
