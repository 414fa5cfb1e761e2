/** Everything of one place: where it is, what was eaten there, and who is or was live from it. */
import { takePosts } from '../finding/feed.js';
import { PhotoStrip } from '../finding/photo-strip.js';
import { LivesNow, PastLives } from '../finding/place-lives.js';
import { SmallMap } from '../finding/small-map.js';
import { html } from '../html.js';
import { errorText, t } from '../i18n.js';
import { useFetched } from '../poll.js';
import { categoryKey, categoryName } from '../share-map/categories.js';
import { EmptyTable } from '../ui/art.js';
import { Button, IconButton } from '../ui/button.js';
import { CategoryIcon } from '../ui/category-icon.js';
import { canShare, copy, share } from '../ui/copy-share.js';
import { EmptyState } from '../ui/empty-state.js';
import { Icon } from '../ui/icon.js';
import { Pager, usePages } from '../ui/pager.js';
import { PostCards, PostCardSkeletons } from '../ui/post-card.js';
import { Loading } from '../ui/spinner.js';
import { Stars } from '../ui/stars.js';
import { useTitle } from '../ui/title.js';
import { toast } from '../ui/toast.js';

const LIVES_HERE = 20_000; // ms; who is live changes while one looks

/** @param {any} body @returns {import('../types.js').PlacePage} */
const takePage = (body) => body;

/** @param {{params: Record<string, string>}} props */
export default function PlaceView({ params }) {
  const path = `/api/places/${encodeURIComponent(params.id)}`;
  const { data: page, error, reload } = useFetched(path, takePage, { every: LIVES_HERE });
  useTitle(page?.place.name ?? t('place.title'));
  if (page) return html`<${Known} page=${page} path=${path} />`;
  if (!error) return html`<${Loading} />`;
  const { status = 0 } = /** @type {{status?: number}} */ (error);
  if (status === 404) {
    return html`<div class="page-middle"><${EmptyState} page art=${html`<${EmptyTable} />`} title=${t('place.unknown')} text=${t('place.unknown_text')} testId="place-unknown">
      <${Button} icon="search" href="/search">${t('place.search')}<//>
    <//></div>`;
  }
  return html`<div class="page-middle"><${EmptyState} page title=${errorText(error)}><${Button} icon="refresh-cw" onClick=${reload}>${t('retry')}<//><//></div>`;
}

/** @param {{page: import('../types.js').PlacePage, path: string}} props */
function Known({ page, path }) {
  const { place, photos, lives, next_lives: moreLives } = page;
  return html`
    <div class="page place">
      <${Head} page=${page} />
      <div class="page-sheet">
        <div class="place-grid">
          <div class="place-now-and-photos">
            <${LivesNow} lives=${lives} />
            <${PhotoStrip} photos=${photos} name=${place.name} />
          </div>
          <aside class="place-side">
            <${SmallMap} place=${place} />
            ${place.address && html`<p class="place-address"><${Icon} name="map-pin" size=${20} />${place.address}</p>`}
            <${PastLives} id=${place.id} lives=${lives} more=${moreLives !== null} />
          </aside>
          <${Records} page=${page} path=${path} />
        </div>
      </div>
    </div>
  `;
}

/** @param {{page: import('../types.js').PlacePage}} props */
function Head({ page }) {
  const { place, count, rating } = page;
  return html`
    <div class="page-top on-dark">
      <div class="page-head">
        <div>
          <p class="place-kind"><${CategoryIcon} name=${categoryKey(place.category)} size=${20} />${categoryName(place.category, t) || t('place.unknown_category')}</p>
          <h1>${place.name}</h1>
          <p class="place-figures">${rating !== null && html`<${Stars} rating=${rating} />`}<span>${t('place.count', { n: count })}</span></p>
        </div>
        <${IconButton} icon="share-2" kind="glass" label=${t('place.share')} onClick=${() => handOn(place)} />
      </div>
      <div class="place-actions">
        <${Button} icon="pencil" href=${`/posts/new?place=${place.id}`}>${t('place.record')}<//>
      </div>
    </div>
  `;
}

/** @param {{page: import('../types.js').PlacePage, path: string}} props */
function Records({ page, path }) {
  const pages = usePages(`${path}/posts`, takePosts);
  const { items, state, error, reload } = pages;
  return html`
    <section class="place-records">
      <h2>${t('place.records')}</h2>
      ${items.length > 0
        ? html`<${PostCards} posts=${items} here /><${Pager} pages=${pages} />`
        : state === 'loading'
          ? html`<${PostCardSkeletons} count=${2} />`
          : state === 'failed'
            ? html`<${EmptyState} title=${errorText(error)}><${Button} icon="refresh-cw" onClick=${reload}>${t('retry')}<//><//>`
            : html`<${EmptyState} art=${html`<${EmptyTable} />`} title=${t('place.no_records')} text=${t('place.no_records_text')}>
                <${Button} icon="pencil" href=${`/posts/new?place=${page.place.id}`}>${t('place.record')}<//>
              <//>`}
    </section>
  `;
}

/** @param {import('../types.js').Place} place */
async function handOn({ id, name }) {
  const url = `${window.location.origin}/places/${id}`;
  if (canShare()) return share({ url, title: name });
  const copied = await copy(url);
  return toast(t(copied ? 'share.copied' : 'place.copy_failed'), { kind: copied ? 'ok' : 'error' });
}
