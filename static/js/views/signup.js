/** Signing up. */
import { useEffect } from 'preact/hooks';
import { AuthFrame, useMembersGoOn } from '../auth/frame.js';
import { nextOf } from '../auth/next.js';
import { ProviderButtons } from '../auth/provider-buttons.js';
import { SignUpForm } from '../auth/sign-up-form.js';
import { config, loadConfig } from '../config.js';
import { html } from '../html.js';
import { t } from '../i18n.js';
import { withQuery } from '../match.js';
import { location } from '../router.js';
import { Icon } from '../ui/icon.js';

export default function SignUp() {
  const { query } = location.value;
  useMembersGoOn();
  useEffect(() => void loadConfig().catch(() => {}), []); // without it the server says so on sending
  const closed = config.value?.signup_open === false;
  return html`
    <${AuthFrame} title=${t('auth.signup_title')} text=${t('auth.signup_text')}>
      ${closed
        ? html`<p class="problem"><${Icon} name="lock" size=${20} />${t('auth.closed')}</p>`
        : html`<${SignUpForm} submitLabel=${t('auth.signup')} /><${ProviderButtons} next=${nextOf(query)} />`}
      <p class="auth-other">${t('auth.have_account')} <a href=${withQuery('/login', query)}>${t('auth.login')}</a></p>
    <//>
  `;
}
