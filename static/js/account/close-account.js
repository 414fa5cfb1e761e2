/** Leaving: what that does, and a typed word and the password, so that nobody does it by accident. */
import { useState } from 'preact/hooks';
import { ApiError, api } from '../api.js';
import { useForm } from '../auth/form.js';
import { Problem } from '../auth/frame.js';
import { PasswordField } from '../auth/password-field.js';
import { html } from '../html.js';
import { t } from '../i18n.js';
import { person } from '../session.js';
import { Button } from '../ui/button.js';
import { Field } from '../ui/field.js';
import { Section } from './frame.js';
import { SignInAgain } from './sign-in-again.js';

/** @typedef {import('../types.js').Account} Account */

/** @param {{account: Account, onClosed: (until: number) => void}} props  until: ms, when it is gone for good */
export function CloseAccount({ account, onClosed }) {
  const [open, setOpen] = useState(false);
  return html`
    <${Section} danger title=${t('account.close')} text=${t('account.close_text')} testId="close">
      ${open
        ? html`<${Form} account=${account} onClosed=${onClosed} onCancel=${() => setOpen(false)} />`
        : html`<div class="account-actions"><${Button} kind="secondary" onClick=${() => setOpen(true)}>${t('account.close_begin')}<//></div>`}
    <//>
  `;
}

/** @param {{account: Account, onClosed: (until: number) => void, onCancel: () => void}} props */
function Form({ account, onClosed, onCancel }) {
  const has = account.has_password;
  const { values, errors, problem, busy, set, submit } = useForm(has ? { typed: '', password: '' } : { typed: '' });
  const [stale, setStale] = useState(false);
  const matches = values.typed.trim().toLowerCase() === account.username;
  const send = submit(async () => {
    if (!matches) throw new ApiError('account.not_typed', '', { field: 'typed' });
    try {
      const { restorable_until: until } = await api.delete('/api/me', has ? { password: values.password } : {});
      onClosed(until);
      person.value = null;
    } catch (error) {
      setStale(error instanceof ApiError && error.code === 'auth.sign_in_again');
      throw error;
    }
  });
  return html`
    <form class="account-form" onSubmit=${send} novalidate>
      <ul class="close-facts">${['now', 'grace', 'after'].map((key) => html`<li key=${key}>${t(`account.close_${key}`)}</li>`)}</ul>
      <${Field} name="typed" label=${t('account.close_type', { username: account.username })} value=${values.typed} onValue=${set('typed')} error=${errors.typed}
        autocomplete="off" autocapitalize="none" spellcheck=${false} />
      ${has && html`<${PasswordField} value=${values.password} onValue=${set('password')} error=${errors.password} autocomplete="current-password" />`}
      <${Problem} text=${problem} />
      ${stale && html`<${SignInAgain} account=${account} next="/me/data" />`}
      <div class="account-actions">
        <${Button} type="submit" kind="danger" busy=${busy}>${t('account.close_do')}<//>
        <${Button} kind="secondary" onClick=${onCancel}>${t('cancel')}<//>
      </div>
    </form>
  `;
}
