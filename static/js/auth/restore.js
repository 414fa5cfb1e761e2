/** The way back into a closed account, for whoever just proved that it is theirs. */
import { useState } from 'preact/hooks';
import { api } from '../api.js';
import { html } from '../html.js';
import { errorText, t } from '../i18n.js';
import { navigate } from '../router.js';
import { person } from '../session.js';
import { Button } from '../ui/button.js';
import { toast } from '../ui/toast.js';
import { Problem } from './frame.js';

/** The code of a log-in that met a closed account. */
export const CLOSED = 'member.closed';

/** @param {{next: string, onGiveUp: () => void}} props */
export function Restore({ next, onGiveUp }) {
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState(/** @type {unknown} */ (null));
  const restore = async () => {
    setBusy(true);
    try {
      person.value = (await api.post('/api/me/restore')).person;
      toast(t('auth.restored'), { kind: 'ok' });
      navigate(next, { replace: true });
    } catch (reason) {
      setError(reason);
    } finally {
      setBusy(false);
    }
  };
  return html`
    <section class="auth-form restore" role="alert" data-testid="restore">
      <h2>${t('auth.closed_account')}</h2>
      <p class="muted">${t('auth.closed_account_text')}</p>
      <${Problem} text=${error ? errorText(error) : null} />
      <${Button} wide icon="undo-2" busy=${busy} onClick=${restore}>${t('auth.restore')}<//>
      <${Button} wide kind="secondary" onClick=${onGiveUp}>${t('auth.other_account')}<//>
    </section>
  `;
}
