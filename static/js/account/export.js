/** Take everything along. The browser saves it as it is made: nothing has to fit into memory, and it shows the progress. */
import { useState } from 'preact/hooks';
import { html } from '../html.js';
import { t } from '../i18n.js';
import { useProfile } from '../people/use-profile.js';
import { Button } from '../ui/button.js';
import { Section } from './frame.js';

/** @param {{account: import('../types.js').Account}} props */
export function Export({ account }) {
  const { profile } = useProfile(account.username);
  const [begun, setBegun] = useState(false);
  return html`
    <${Section} title=${t('account.export')} text=${t('account.export_text')} testId="export">
      <p class="muted small">${profile && `${t('account.export_size', { n: profile.posts })} `}${t('account.export_note')}</p>
      <div class="account-actions">
        <${Button} kind="secondary" icon="download" href="/api/me/export" download onClick=${() => setBegun(true)}>${t('account.export_do')}<//>
      </div>
      <p class="note ok" role="status">${begun && t('account.export_begun')}</p>
    <//>
  `;
}
