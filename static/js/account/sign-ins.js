/** Sign-ins elsewhere: which there are, adding one, taking one away, but never the last way in. */
import { useEffect, useState } from 'preact/hooks';
import { api } from '../api.js';
import { providerName, startPath } from '../auth/providers.js';
import { ProviderMark } from '../auth/provider-mark.js';
import { Problem } from '../auth/frame.js';
import { config, loadConfig } from '../config.js';
import { html } from '../html.js';
import { errorText, locale, t } from '../i18n.js';
import { location } from '../router.js';
import { Button } from '../ui/button.js';
import { ask } from '../ui/dialog.js';
import { toast } from '../ui/toast.js';
import { Section } from './frame.js';

const HERE = '/me/security';

/** @typedef {import('../types.js').Account} Account */

/** @param {{account: Account, onChange: () => void}} props */
export function SignIns({ account, onChange }) {
  const [error, setError] = useState(/** @type {unknown} */ (null));
  useEffect(() => void loadConfig().catch(setError), []);
  const offered = config.value?.sign_in ?? [];
  if (offered.length === 0 && account.identities.length === 0 && !error) return null;
  const refused = location.value.query.get('error');
  const problem = error ?? (refused ? { code: refused } : null);
  const others = account.identities.filter(({ provider }) => !offered.some((one) => one.provider === provider));
  return html`
    <${Section} title=${t('account.sign_ins')} text=${t('account.sign_ins_text')} testId="sign-ins">
      <${Problem} text=${problem ? errorText(problem) : null} />
      <ul class="sign-ins">
        ${[...offered, ...others.map(({ provider }) => ({ provider, name: provider }))].map(
          ({ provider, name }) => html`<${SignIn} key=${provider} provider=${provider} name=${name} account=${account} onChange=${onChange} onError=${setError} />`,
        )}
      </ul>
    <//>
  `;
}

/** @param {{provider: string, name: string, account: Account, onChange: () => void, onError: (error: unknown) => void}} props */
function SignIn({ provider, name, account, onChange, onError }) {
  const linked = account.identities.find((one) => one.provider === provider);
  const last = linked && !account.has_password && account.identities.length === 1;
  const shown = providerName(provider, name);
  const unlink = async () => {
    onError(null);
    const sure = await ask({ title: t('account.unlink_title', { name: shown }), text: t('account.unlink_text', { name: shown }), yes: t('account.unlink'), danger: true });
    if (!sure) return;
    try {
      await api.delete(`/api/me/identities/${encodeURIComponent(provider)}`);
      toast(t('account.unlinked', { name: shown }), { kind: 'ok' });
      onChange();
    } catch (reason) {
      onError(reason);
    }
  };
  const on = linked && new Date(linked.linked_at).toLocaleDateString(locale.value, { dateStyle: 'long' });
  return html`
    <li class="sign-in" data-testid=${`sign-in-${provider}`}>
      <${ProviderMark} provider=${provider} />
      <span class="sign-in-words">
        <b>${shown}</b>
        <span class="muted small">${last ? t('account.last_way_in') : on ? t('account.linked_on', { date: on }) : t('account.not_linked')}</span>
      </span>
      ${linked
        ? !last && html`<${Button} kind="secondary" class="compact" icon="unlink" aria-label=${t('account.unlink_who', { name: shown })} onClick=${unlink}>${t('account.unlink')}<//>`
        : html`<${Button} kind="secondary" class="compact" icon="link" aria-label=${t('account.link_who', { name: shown })}
            href=${startPath(provider, { next: HERE, link: true })} target="_self">${t('account.link')}<//>`}
    </li>
  `;
}
