/** Logging in. */
import { useEffect, useState } from 'preact/hooks';
import { ApiError, api } from '../api.js';
import { useForm } from '../auth/form.js';
import { AuthFrame, Problem, useMembersGoOn } from '../auth/frame.js';
import { nextOf } from '../auth/next.js';
import { PasswordField } from '../auth/password-field.js';
import { ProviderButtons } from '../auth/provider-buttons.js';
import { CLOSED, Restore } from '../auth/restore.js';
import { html } from '../html.js';
import { errorText, t } from '../i18n.js';
import { withQuery } from '../match.js';
import { location, navigate } from '../router.js';
import { person } from '../session.js';
import { Button } from '../ui/button.js';
import { Field } from '../ui/field.js';

export default function Login() {
  const { query } = location.value;
  const [next] = useState(() => nextOf(query));
  const [closed, setClosed] = useState(query.get('error') === CLOSED);
  useMembersGoOn();
  const giveUp = () => {
    setClosed(false);
    navigate(pathWith('/login', next), { replace: true });
  };
  return html`
    <${AuthFrame} title=${t('auth.login_title')} text=${t('auth.login_text')}>
      ${closed ? html`<${Restore} next=${next} onGiveUp=${giveUp} />` : html`<${Form} next=${next} refused=${query.get('error')} onClosed=${() => setClosed(true)} />`}
    <//>
  `;
}

/** @param {{next: string, refused: string | null, onClosed: () => void}} props  `refused`: what a provider's page came back with */
function Form({ next, refused, onClosed }) {
  const { values, errors, problem, busy, set, submit } = useForm({ username: '', password: '' });
  useEffect(() => /** @type {HTMLInputElement | null} */ (document.querySelector('.auth-form input'))?.focus(), []);
  const send = submit(async () => {
    try {
      person.value = (await api.post('/api/session', values)).person;
      navigate(next, { replace: true });
    } catch (error) {
      if (!(error instanceof ApiError) || error.code !== CLOSED) throw error;
      onClosed();
    }
  });
  return html`
    <form class="auth-form" onSubmit=${send} novalidate>
      <${Field} name="username" label=${t('auth.username')} value=${values.username} onValue=${set('username')} error=${errors.username}
        autocomplete="username" autocapitalize="none" spellcheck=${false} maxlength="30" />
      <${PasswordField} value=${values.password} onValue=${set('password')} error=${errors.password} autocomplete="current-password" />
      <${Problem} text=${problem ?? (refused ? errorText({ code: refused }) : null)} />
      <${Button} type="submit" wide busy=${busy}>${t('auth.login')}<//>
    </form>
    <${ProviderButtons} next=${next} />
    <p class="auth-other">${t('auth.no_account')} <a href=${pathWith('/signup', next)}>${t('auth.signup')}</a></p>
  `;
}

/** @param {string} path @param {string} next */
const pathWith = (path, next) => (next === '/' ? path : withQuery(path, new URLSearchParams({ next })));
