/** The newest photos of a place in a row; each opens its record. */
import { html } from '../html.js';
import { t } from '../i18n.js';
import { Picture } from '../ui/picture.js';

/** @param {{photos: import('../types.js').PlacePage['photos'], name: string}} props */
export function PhotoStrip({ photos, name }) {
  if (photos.length === 0) return null;
  return html`
    <ul class="photo-strip" aria-label=${t('place.photos')} data-testid="photo-strip">
      ${photos.map(
        ({ photo, post_id }, i) => html`
          <li key=${photo.id}><a href=${`/posts/${post_id}`}><${Picture} picture=${photo} sizes="180px" alt=${t('place.photo', { name, n: i + 1 })} /></a></li>
        `,
      )}
    </ul>
  `;
}
