/** A photo from the server, in the file that fits the screen. */
import { html } from '../html.js';
import { fileOf, sourceSet } from '../renditions.js';

/**
 * @param {{picture: import('../types.js').PictureView, sizes: string, alt: string, eager?: boolean, class?: string}} props
 *   `sizes` as in HTML: how wide it stands on the page; `alt` is empty where words beside it say it all;
 *   `eager`: the first thing people look at
 */
export function Picture({ picture, sizes, alt, eager = false, class: extra = '' }) {
  return html`
    <picture class=${`picture ${extra}`}>
      <source type="image/webp" srcset=${sourceSet(picture, 'webp')} sizes=${sizes} />
      <img srcset=${sourceSet(picture, 'jpg')} sizes=${sizes} src=${fileOf(picture, 512, 'jpg')} width=${picture.width} height=${picture.height}
        alt=${alt} decoding="async" loading=${eager ? 'eager' : 'lazy'} fetchpriority=${eager ? 'high' : undefined} />
    </picture>
  `;
}
