/** Five stars, some of them full. */
import { html } from '../html.js';
import { t } from '../i18n.js';

export const STAR = 'M12 2.6l2.9 6 6.6.9-4.8 4.6 1.2 6.5L12 17.5l-5.9 3.1 1.2-6.5L2.5 9.5l6.6-.9Z';

/** @param {{rating: number}} props */
export function StarRow({ rating }) {
  return html`<p class="star-row" role="img" aria-label=${t('post.rating', { n: rating })}>
    ${[1, 2, 3, 4, 5].map((n) => html`<svg key=${n} class=${n <= rating ? 'full' : ''} viewBox="0 0 24 24" width="20" height="20" aria-hidden="true"><path d=${STAR} /></svg>`)}
  </p>`;
}
