/** In place of a member's page: there is nobody, they cannot be seen from here, or the server was not reached. */
import { html } from '../html.js';
import { errorText, t } from '../i18n.js';
import { EmptyTable } from '../ui/art.js';
import { Button } from '../ui/button.js';
import { EmptyState } from '../ui/empty-state.js';

/** @param {{error: unknown, onRetry: () => void}} props */
export function Nobody({ error, onRetry }) {
  if (/** @type {{code?: string}} */ (error).code !== 'member.unknown') {
    return html`<div class="page-middle"><${EmptyState} page title=${errorText(error)}><${Button} icon="refresh-cw" onClick=${onRetry}>${t('retry')}<//><//></div>`;
  }
  return html`
    <div class="page-middle">
      <${EmptyState} page art=${html`<${EmptyTable} />`} title=${t('people.nobody')} text=${t('people.nobody_text')} testId="nobody">
        <${Button} href="/search?tab=people">${t('people.find')}<//>
        <${Button} kind="secondary" href="/">${t('notfound.home')}<//>
      <//>
    </div>
  `;
}
