/** What somebody recorded, as far as one may see it. */
import { html } from '../html.js';
import { t } from '../i18n.js';
import { Button } from '../ui/button.js';
import { EmptyState } from '../ui/empty-state.js';
import { Pager, usePages } from '../ui/pager.js';
import { PostCard } from '../ui/post-card.js';
import { memberPath } from './paths.js';

/** @param {any} body @returns {import('../types.js').CardView[]} */
const take = (body) => body.posts;

/** @param {{profile: import('../types.js').Profile}} props */
export function MemberPosts({ profile }) {
  const pages = usePages(`${memberPath(profile.username, '/api')}/posts`, take);
  if (pages.ready && pages.items.length === 0) return html`<${None} profile=${profile} />`;
  return html`
    <h2 class="sr-only">${t('people.posts')}</h2>
    <ul class="post-cards">${pages.items.map((post) => html`<li key=${post.id}><${PostCard} post=${post} /></li>`)}</ul>
    <${Pager} pages=${pages} />
  `;
}

/** @param {{profile: import('../types.js').Profile}} props */
function None({ profile }) {
  const { bond, name } = profile;
  if (bond.oneself) {
    return html`<${EmptyState} title=${t('people.no_posts_mine')} text=${t('people.no_posts_mine_text')}><${Button} icon="pencil" href="/posts/new">${t('people.write')}<//><//>`;
  }
  const text = bond.friends ? undefined : t('people.no_posts_text');
  return html`<${EmptyState} title=${t('people.no_posts', { name })} text=${text} />`;
}
