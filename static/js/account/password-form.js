/** Another password, or the first one of an account that was made by signing in elsewhere. */
import { useState } from 'preact/hooks';
import { ApiError, api } from '../api.js';
import { useForm } from '../auth/form.js';
import { Problem } from '../auth/frame.js';
import { PasswordField } from '../auth/password-field.js';
import { html } from '../html.js';
import { t } from '../i18n.js';
import { Button } from '../ui/button.js';
import { toast } from '../ui/toast.js';
import { Section } from './frame.js';
import { SignInAgain } from './sign-in-again.js';

/** @param {{account: import('../types.js').Account, onChange: () => void}} props */
export function PasswordForm({ account, onChange }) {
  const has = account.has_password;
  const { values, errors, problem, busy, set, submit, clear } = useForm(has ? { old: '', password: '' } : { password: '' });
  const [stale, setStale] = useState(false);
  const send = submit(async () => {
    setStale(false);
    try {
      await api.post('/api/me/password', has ? { old: values.old, new: values.password } : { new: values.password });
    } catch (error) {
      setStale(error instanceof ApiError && error.code === 'auth.sign_in_again');
      throw error;
    }
    clear();
    toast(t(has ? 'account.password_changed' : 'account.password_made'), { kind: 'ok' });
    onChange();
  });
  return html`
    <${Section} title=${t(has ? 'account.password' : 'account.password_none')} text=${t(has ? 'account.password_text' : 'account.password_none_text')} testId="password">
      <form class="account-form" onSubmit=${send} novalidate>
        <input class="sr-only" type="text" name="username" autocomplete="username" value=${account.username} readonly tabindex="-1" aria-hidden="true" />
        ${has && html`<${PasswordField} name="old" label=${t('account.password_old')} value=${values.old} onValue=${set('old')} error=${errors.old} autocomplete="current-password" />`}
        <${PasswordField} label=${t('account.password_new')} value=${values.password} onValue=${set('password')} error=${errors.password}
          hint=${t('auth.password_hint')} autocomplete="new-password" />
        <${Problem} text=${problem} />
        ${stale && html`<${SignInAgain} account=${account} next="/me/security" />`}
        <div class="account-actions"><${Button} type="submit" busy=${busy}>${t(has ? 'account.password_change' : 'account.password_make')}<//></div>
      </form>
    <//>
  `;
}
