/** A record in a list: the photo large, then where, what, when and by whom. */
import { mealDay, priceText } from '../finding/words.js';
import { html } from '../html.js';
import { locale, t } from '../i18n.js';
import { categoryKey, categoryName } from '../share-map/categories.js';
import { Avatar } from './avatar.js';
import { CategoryIcon } from './category-icon.js';
import { Icon } from './icon.js';
import { Picture } from './picture.js';
import { Stars } from './stars.js';

/** One column on a phone, two or three on a desktop. */
const SIZES = '(min-width: 1280px) 340px, (min-width: 700px) 46vw, 92vw';

/** Who else sees it, where that is not everyone. */
const KEPT_BY = { private: 'lock', friends: 'users' };

/**
 * @param {{post: import('../types.js').CardView, eager?: boolean, here?: boolean}} props
 *   eager: it is seen without scrolling; here: the page is about its place, which goes without saying
 */
export function PostCard({ post, eager = false, here = false }) {
  const { id, place, menu, price, rating, excerpt, author } = post;
  const cost = price !== null && html`<span>${priceText(price, locale.value)}</span>`;
  return html`
    <article class="post-card" data-testid="post-card">
      <${Cover} post=${post} eager=${eager} />
      <div class="post-card-words">
        <div class="spread">
          <h3 class="truncate"><a class="post-card-link" href=${`/posts/${id}`}>${here ? menu : place.name}</a></h3>
          ${rating !== null && html`<${Stars} rating=${rating} />`}
        </div>
        ${here ? cost && html`<p class="post-card-menu">${cost}</p>` : html`<p class="post-card-menu"><b class="truncate">${menu}</b>${cost}</p>`}
        ${excerpt && html`<p class="post-card-text muted small"><${Origin} of=${post} />${excerpt}</p>`}
        <p class="post-card-by small">
          <a class="post-card-author" href=${`/members/${author.username}`}><${Avatar} person=${author} size=${28} /><span class="truncate">${author.name}</span></a>
          <time class="muted" datetime=${post.eaten_on ?? new Date(post.created_at).toISOString()}>${mealDay(post, locale.value, Date.now())}</time>
        </p>
      </div>
    </article>
  `;
}

/** Who wrote the words, where that was not their author alone. @param {{of: import('../types.js').CardView}} props */
function Origin({ of: { text_origin: origin } }) {
  if (origin === 'own') return null;
  const said = t(`post.origin_${origin}`);
  return html`<span class="post-card-origin" role="img" aria-label=${said} title=${said}><${Icon} name=${origin === 'template' ? 'list' : 'sparkles'} size=${14} /></span>`;
}

/** @param {{post: import('../types.js').CardView, eager: boolean}} props */
function Cover({ post, eager }) {
  const { photos, category, visibility } = post;
  return html`
    <div class="post-card-cover">
      ${photos.length > 0
        ? html`<${Picture} picture=${photos[0]} sizes=${SIZES} alt="" eager=${eager} />`
        : html`<span class="post-card-art"><${CategoryIcon} name=${categoryKey(category)} size=${72} /></span>`}
      <span class="post-card-kind"><${CategoryIcon} name=${categoryKey(category)} size=${16} />${categoryName(category, t)}</span>
      <span class="post-card-marks">
        ${photos.length > 1 && html`<span class="post-card-mark" role="img" aria-label=${t('card.photos', { n: photos.length })}><${Icon} name="images" size=${16} /><span aria-hidden="true">${photos.length}</span></span>`}
        ${visibility !== 'public' && html`<span class="post-card-mark" role="img" aria-label=${t(`card.${visibility}`)} title=${t(`card.${visibility}`)}><${Icon} name=${KEPT_BY[visibility]} size=${16} /></span>`}
      </span>
    </div>
  `;
}

/** Where cards will be: the room they will take, so that nothing jumps. @param {{count?: number}} props */
export function PostCardSkeletons({ count = 3 }) {
  return html`<ul class="post-cards" aria-hidden="true">
    ${Array.from({ length: count }, (_, i) => html`<li key=${i} class="post-card post-card-skeleton"><div class="post-card-cover"></div><div class="post-card-words"><i></i><i></i><i></i></div></li>`)}
  </ul>`;
}

/** Cards in one, two or three columns. @param {{posts: import('../types.js').CardView[], here?: boolean}} props */
export function PostCards({ posts, here = false }) {
  return html`<ul class="post-cards">${posts.map((post, i) => html`<li key=${post.id}><${PostCard} post=${post} eager=${i < 2} here=${here} /></li>`)}</ul>`;
}
