/** The feed of the home page: whose records, of which kind, page after page. */
import { html } from '../html.js';
import { errorText, t } from '../i18n.js';
import { withQuery } from '../match.js';
import { location } from '../router.js';
import { CATEGORIES } from '../share-map/categories.js';
import { EmptyTable } from '../ui/art.js';
import { Button } from '../ui/button.js';
import { EmptyState } from '../ui/empty-state.js';
import { Pager, usePages } from '../ui/pager.js';
import { PostCards, PostCardSkeletons } from '../ui/post-card.js';
import { CategoryLinks, kindIn } from './category-links.js';
import { ChoiceLinks } from './choice-links.js';
import { lastScope, rememberScope } from './last-scope.js';

const SCOPES = ['everyone', 'following', 'mine'];

/** @param {any} body @returns {import('../types.js').CardView[]} */
export const takePosts = (body) => body.posts;

/** @param {{member: boolean}} props */
export function Feed({ member }) {
  const { query } = location.value;
  const scope = member ? scopeIn(query) : 'everyone';
  const kind = kindIn(query);
  const pages = usePages(feedPath(scope, kind), takePosts);
  if (member) rememberScope(scope);
  const at = (/** @type {string} */ name, /** @type {string} */ value) => here(query, scope, name, value);
  return html`
    <section class="feed" aria-label=${t('feed.title')} data-testid="feed">
      <h2 class=${member ? 'sr-only' : ''}>${t('feed.title')}</h2>
      ${member && html`<${ChoiceLinks} label=${t('feed.whose')} current=${scope} choices=${SCOPES.map((name) => ({ name, href: at('feed', name), text: t(`feed.${name}`) }))} />`}
      <${CategoryLinks} current=${kind} hrefOf=${(/** @type {string} */ one) => at('category', one === 'all' ? '' : one)} />
      <div aria-busy=${pages.state === 'loading'}>${listed(pages, scope, kind, member)}</div>
    </section>
  `;
}

/** @param {import('../ui/pager.js').Pages<any>} pages @param {string} scope @param {string} kind @param {boolean} member */
function listed(pages, scope, kind, member) {
  if (pages.items.length > 0) return html`<${PostCards} posts=${pages.items} /><${Pager} pages=${pages} />`;
  if (pages.state === 'loading') return html`<${PostCardSkeletons} />`;
  if (pages.state === 'failed') {
    return html`<${EmptyState} title=${errorText(pages.error)}><${Button} icon="refresh-cw" onClick=${pages.reload}>${t('retry')}<//><//>`;
  }
  return html`<${None} scope=${scope} kind=${kind} member=${member} />`;
}

/** Nothing there, and what to do about it. @param {{scope: string, kind: string, member: boolean}} props */
function None({ scope, kind, member }) {
  if (kind !== 'all') {
    return html`<${EmptyState} title=${t('feed.none_kind', { kind: t(`map.category_${kind}`) })} text=${t('feed.none_kind_text')} />`;
  }
  const text = t(`feed.none_${scope}_text`);
  return html`
    <${EmptyState} art=${html`<${EmptyTable} />`} title=${t(`feed.none_${scope}`)} text=${text} testId="feed-none">
      ${scope === 'following'
        ? html`<${Button} icon="user-plus" href="/search?tab=people">${t('feed.find_people')}<//>`
        : html`<${Button} icon="pencil" href=${member ? '/posts/new' : '/signup?next=%2Fposts%2Fnew'}>${t('feed.write')}<//>`}
    <//>
  `;
}

/** @param {URLSearchParams} query */
function scopeIn(query) {
  const scope = query.get('feed') ?? lastScope();
  return SCOPES.includes(scope) ? scope : 'everyone';
}

/** @param {string} scope @param {string} kind */
function feedPath(scope, kind) {
  return `/api/feed?scope=${scope}${kind === 'all' ? '' : `&category=${encodeURIComponent(CATEGORIES[kind])}`}`;
}

/** This page with one thing chosen differently. @param {URLSearchParams} query @param {string} scope @param {string} name @param {string} value */
function here(query, scope, name, value) {
  const wanted = new URLSearchParams(query);
  wanted.set('feed', scope);
  if (value) wanted.set(name, value);
  else wanted.delete(name);
  return withQuery('/', wanted);
}
