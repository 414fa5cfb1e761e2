/** The account is closed: until when it can be opened again, and how. */
import { html } from '../html.js';
import { locale, t } from '../i18n.js';
import { FinishedMeal } from '../ui/art.js';
import { Button } from '../ui/button.js';
import { EmptyState } from '../ui/empty-state.js';

/** @param {{until: number}} props  ms */
export function Farewell({ until }) {
  const date = new Date(until).toLocaleDateString(locale.value, { dateStyle: 'long' });
  return html`
    <div class="page-middle">
      <${EmptyState} page art=${html`<${FinishedMeal} />`} title=${t('account.farewell')} text=${t('account.farewell_text', { date })} testId="farewell">
        <${Button} href="/">${t('notfound.home')}<//>
        <${Button} kind="secondary" href="/login">${t('auth.login')}<//>
      <//>
    </div>
  `;
}
