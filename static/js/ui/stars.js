/** Stars out of five: a meal's, or the mean of a place's. */
import { html } from '../html.js';
import { t } from '../i18n.js';

const STAR = 'M12 2.6l2.9 6 6.6.9-4.8 4.6 1.2 6.5L12 17.5l-5.9 3.1 1.2-6.5L2.5 9.5l6.6-.9Z';

/** One star and the figure; `of` says of how many records. @param {{rating: number, of?: number}} props */
export function Stars({ rating, of }) {
  const figure = Number.isInteger(rating) ? String(rating) : rating.toFixed(1);
  return html`
    <span class="stars" role="img" aria-label=${t('stars.label', { rating: figure })}>
      <svg viewBox="0 0 24 24" width="16" height="16" aria-hidden="true"><path d=${STAR} fill="currentColor" /></svg><span aria-hidden="true"><b>${figure}</b>${of ? html` <span class="muted">(${of})</span>` : null}</span>
    </span>
  `;
}
