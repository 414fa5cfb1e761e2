/** What was found: places, records of one's own, people. While a newer question is under way, the last answer stays, dimmed. */
import { useRef } from 'preact/hooks';
import { html } from '../html.js';
import { errorText, t } from '../i18n.js';
import { PersonRow } from '../people/person-row.js';
import { loginPath, person } from '../session.js';
import { Button } from '../ui/button.js';
import { EmptyState } from '../ui/empty-state.js';
import { Pager, usePages } from '../ui/pager.js';
import { PostCards } from '../ui/post-card.js';
import { Loading } from '../ui/spinner.js';
import { OutsidePlaces } from './outside-places.js';
import { PlaceRow } from './place-row.js';
import { apiPathOf, takeOf } from './search-query.js';

/** @param {{asked: import('./search-query.js').Asked}} props  something is asked */
export function SearchResults({ asked }) {
  const member = person.value?.kind === 'member';
  if (asked.tab !== 'places' && !member) {
    return html`<${EmptyState} title=${t(`search.login_${asked.tab}`)} text=${t('search.login_text')}>
      <${Button} icon="log-in" href=${loginPath()}>${t('nav.login')}<//>
    <//>`;
  }
  return html`<${Answer} key=${asked.tab} asked=${asked} member=${member} />`;
}

/** @param {{asked: import('./search-query.js').Asked, member: boolean}} props */
function Answer({ asked, member }) {
  const pages = usePages(apiPathOf(asked), takeOf(asked.tab));
  const last = useRef(/** @type {any[]} */ ([]));
  const { state, error, reload } = pages;
  const asking = state === 'loading' && pages.items.length === 0;
  if (!asking) last.current = pages.items;
  const items = asking ? last.current : pages.items;
  if (state === 'failed' && items.length === 0) {
    return html`<${EmptyState} title=${errorText(error)}><${Button} icon="refresh-cw" onClick=${reload}>${t('retry')}<//><//>`;
  }
  if (asking && items.length === 0) return html`<${Loading} />`;
  return html`
    <p class="sr-only" role="status">${asking ? '' : t('search.found', { n: items.length })}</p>
    <div class=${asking ? 'found asking' : 'found'} aria-busy=${asking} data-testid="found">
      ${items.length > 0 ? html`<${List} tab=${asked.tab} items=${items} />` : html`<${None} asked=${asked} />`}
      <${Pager} pages=${pages} />
    </div>
    ${asked.tab === 'places' && member && !asking && html`<${OutsidePlaces} q=${asked.q.trim()} />`}
  `;
}

/** @param {{tab: string, items: any[]}} props */
function List({ tab, items }) {
  if (tab === 'records') return html`<${PostCards} posts=${items} />`;
  return html`<ul class="found-rows">
    ${items.map((item) => html`<li key=${item.id}>${tab === 'people' ? html`<${PersonRow} someone=${item} />` : html`<${PlaceRow} place=${item} />`}</li>`)}
  </ul>`;
}

/** @param {{asked: import('./search-query.js').Asked}} props */
function None({ asked: { q, tab } }) {
  return html`<${EmptyState} title=${t('search.none', { q: q.trim() })} text=${t(`search.none_${tab}`)} testId="search-none">
    ${tab !== 'people' && html`<${Button} kind="secondary" icon="pencil" href="/posts/new">${t('feed.write')}<//>`}
  <//>`;
}
