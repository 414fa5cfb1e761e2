/** A record as its readers see it: photos, then where and when, the words, the menus. */
import { useState } from 'preact/hooks';
import { api } from '../api.js';
import { mealDay } from '../finding/words.js';
import { html } from '../html.js';
import { errorText, locale, t } from '../i18n.js';
import { ReportSheet } from '../reports/report-sheet.js';
import { location, navigate } from '../router.js';
import { person } from '../session.js';
import { categoryKey, categoryName } from '../share-map/categories.js';
import { Avatar } from '../ui/avatar.js';
import { Button, IconButton } from '../ui/button.js';
import { CategoryIcon } from '../ui/category-icon.js';
import { canShare, copy, share } from '../ui/copy-share.js';
import { ask } from '../ui/dialog.js';
import { Icon } from '../ui/icon.js';
import { toast } from '../ui/toast.js';
import { Gallery } from './gallery.js';
import { MenuList } from './menu-list.js';
import { MiniMap } from './mini-map.js';
import { StarRow } from './star-row.js';
import { Viewer } from './viewer.js';

/** @typedef {import('../types.js').PostView} PostView */

export const VISIBILITY_ICONS = { private: 'lock', friends: 'users', public: 'globe' };

/** @param {{post: PostView}} props */
export function PostPage({ post }) {
  const [shown, setShown] = useState(/** @type {number | null} */ (null));
  const photos = post.menus.flatMap(({ photo, name, main }) => (photo ? [{ photo, name, main }] : []));
  photos.sort((a, b) => Number(b.main) - Number(a.main)); // the main menu leads, as on cards
  const open = (/** @type {string} */ id) => setShown(photos.findIndex(({ photo }) => photo.id === id));
  return html`
    <article class=${`post${photos.length ? '' : ' bare'}`} data-testid="post">
      ${photos.length > 0 && html`<${Gallery} photos=${photos} onOpen=${open} />`}
      <div class="post-sheet">
        <${Head} post=${post} />
        ${post.text && html`<${Words} post=${post} />`}
        <${MenuList} menus=${post.menus} onOpen=${open} />
        <${Where} place=${post.place} />
        <${Foot} post=${post} />
      </div>
      ${shown !== null && html`<${Viewer} photos=${photos} first=${shown} onClose=${() => setShown(null)} />`}
    </article>
  `;
}

/** @param {{post: PostView}} props */
function Head({ post }) {
  const { author, place, category, rating, visibility } = post;
  const day = mealDay(post, locale.value, Date.now());
  return html`
    <header class="post-head">
      <p class="post-kind small"><${CategoryIcon} name=${categoryKey(category)} size=${18} />${categoryName(category, t)}</p>
      <h1><a href=${`/places/${place.id}`}>${place.name}<${Icon} name="chevron-right" size=${20} /></a></h1>
      ${rating !== null && html`<${StarRow} rating=${rating} />`}
      <div class="post-by">
        <a class="post-author" href=${`/members/${author.username}`}><${Avatar} person=${author} size=${40} /><b class="truncate">${author.name}</b></a>
        <p class="post-facts muted small">
          <time datetime=${post.eaten_on ?? new Date(post.created_at).toISOString()}>${post.eaten_on ? t('post.eaten_on', { day }) : day}</time>
          <span class="post-visibility" data-testid="visibility"><${Icon} name=${VISIBILITY_ICONS[visibility]} size=${15} />${t(`post.visibility_${visibility}`)}</span>
        </p>
      </div>
    </header>
  `;
}

/** The text, and who wrote it when that was not its author alone. @param {{post: PostView}} props */
function Words({ post: { text, text_origin: origin } }) {
  return html`
    <section class="post-words">
      <p class="post-text" data-testid="post-text">${text}</p>
      ${origin !== 'own' &&
      html`<details class="post-origin small" data-testid="origin">
        <summary><${Icon} name=${origin === 'template' ? 'list' : 'sparkles'} size=${16} />${t(`post.origin_${origin}`)}</summary>
        <p class="muted">${t(`post.origin_${origin}_text`)}</p>
      </details>`}
    </section>
  `;
}

/** @param {{place: import('../types.js').Place}} props */
function Where({ place }) {
  return html`
    <section class="post-where" aria-label=${t('post.place')}>
      <${MiniMap} place=${place} />
      <a class="post-place" href=${`/places/${place.id}`}>
        <${Icon} name="map-pin" size=${20} />
        <span class="post-place-words"><b class="truncate">${place.name}</b>${place.address && html`<span class="muted small">${place.address}</span>`}</span>
        <${Icon} name="chevron-right" size=${20} />
      </a>
    </section>
  `;
}

/** @param {{post: PostView}} props */
function Foot({ post }) {
  const [busy, setBusy] = useState(false);
  const [reporting, setReporting] = useState(false);
  const mine = post.mine;
  const remove = async () => {
    if (!(await ask({ title: t('post.delete_title'), text: t('post.delete_text'), yes: t('post.delete'), danger: true }))) return;
    setBusy(true);
    try {
      await api.delete(`/api/posts/${post.id}`);
      toast(t('post.deleted'), { kind: 'ok' });
      navigate('/', { replace: true });
    } catch (error) {
      setBusy(false);
      toast(errorText(error), { kind: 'error' });
    }
  };
  return html`
    <footer class="post-foot">
      ${mine && html`<${Button} kind="secondary" icon="pencil" href=${`/posts/${post.id}/edit`}>${t('post.edit')}<//>`}
      ${(mine || person.value?.admin) && html`<${Button} kind="quiet" class="post-delete" icon="trash-2" busy=${busy} onClick=${remove}>${t('post.delete')}<//>`}
      ${!mine && person.value?.kind === 'member' && html`<${IconButton} icon="flag" label=${t('report.open')} onClick=${() => setReporting(true)} />`}
      <${IconButton} icon="share-2" label=${t('post.share')} onClick=${() => pass(post)} />
      <${ReportSheet} about=${{ post_id: post.id }} open=${reporting} onClose=${() => setReporting(false)} />
    </footer>
  `;
}

/** @param {PostView} post */
async function pass(post) {
  const url = new URL(location.peek().path, window.location.origin).href;
  if (canShare()) return share({ url, title: t('post.title', { place: post.place.name }) });
  const copied = await copy(url);
  return toast(t(copied ? 'share.copied' : 'share.copy_failed'), { kind: copied ? 'ok' : 'error' });
}

