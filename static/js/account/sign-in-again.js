/** Who has no password proves who they are by signing in once more, there where they can. */
import { useEffect } from 'preact/hooks';
import { startPath } from '../auth/providers.js';
import { config, loadConfig } from '../config.js';
import { html } from '../html.js';
import { t } from '../i18n.js';
import { Button } from '../ui/button.js';

/** @param {{account: import('../types.js').Account, next: string}} props */
export function SignInAgain({ account, next }) {
  useEffect(() => void loadConfig().catch(() => {}), []);
  const linked = (config.value?.sign_in ?? []).filter(({ provider }) => account.identities.some((one) => one.provider === provider));
  return html`
    <div class="account-actions">
      ${linked.map(({ provider, name }) => html`<${Button} key=${provider} kind="secondary" icon="log-in" href=${startPath(provider, { next })} target="_self">${t('account.sign_in_again', { name })}<//>`)}
    </div>
  `;
}
