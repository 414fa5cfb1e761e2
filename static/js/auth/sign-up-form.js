/** Becoming a member; with the token of the set-up link, the first administrator. */
import { api } from '../api.js';
import { html } from '../html.js';
import { t } from '../i18n.js';
import { safeNext } from '../match.js';
import { location, navigate } from '../router.js';
import { person } from '../session.js';
import { Button } from '../ui/button.js';
import { Field } from '../ui/field.js';
import { toast } from '../ui/toast.js';
import { useForm } from './form.js';
import { Problem } from './frame.js';
import { PasswordField } from './password-field.js';
import { UsernameField } from './username-field.js';

/** @param {{setupToken?: string, submitLabel: string}} props */
export function SignUpForm({ setupToken, submitLabel }) {
  const { values, errors, problem, busy, set, submit } = useForm({ username: '', password: '', name: '' });
  const send = submit(async () => {
    const token = setupToken === undefined ? {} : { setup_token: setupToken };
    const answer = await api.post('/api/members', { ...values, ...token });
    person.value = answer.person;
    toast(t('auth.welcome', { name: answer.person.name }), { kind: 'ok' });
    navigate(safeNext(location.value.query.get('next')), { replace: true });
  });
  return html`
    <form class="auth-form" onSubmit=${send} novalidate>
      <${UsernameField} value=${values.username} onValue=${set('username')} error=${errors.username} />
      <${PasswordField} value=${values.password} onValue=${set('password')} error=${errors.password}
        hint=${t('auth.password_hint')} autocomplete="new-password" />
      <${Field} name="name" label=${t('auth.name')} value=${values.name} onValue=${set('name')} error=${errors.name}
        hint=${t('auth.name_hint')} maxlength="20" autocomplete="nickname" />
      <${Problem} text=${problem} />
      <${Button} type="submit" wide busy=${busy}>${submitLabel}<//>
    </form>
  `;
}
