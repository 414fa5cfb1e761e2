/** The kinds of food in a row, one of them chosen: icons with their names below. */
import { html } from '../html.js';
import { t } from '../i18n.js';
import { CATEGORIES } from '../share-map/categories.js';
import { CategoryIcon } from '../ui/category-icon.js';
import { swap } from './choice-links.js';

/** In the order that people know. */
export const KINDS = ['all', 'korean', 'chinese', 'western', 'japanese', 'snack', 'cafe', 'dessert', 'other'];

/** What the query of an address says; `all` when it says nothing known. @param {URLSearchParams} query */
export function kindIn(query) {
  const kind = query.get('category') ?? '';
  return kind in CATEGORIES ? kind : 'all';
}

/** @param {{current: string, hrefOf: (kind: string) => string}} props */
export function CategoryLinks({ current, hrefOf }) {
  return html`
    <nav class="kinds" aria-label=${t('map.category')}>
      ${KINDS.map(
        (kind) => html`
          <a key=${kind} href=${hrefOf(kind)} aria-current=${kind === current ? 'true' : undefined} onClick=${swap(hrefOf(kind))}>
            <span class="kind-icon"><${CategoryIcon} name=${kind} size=${28} /></span>${t(kind === 'all' ? 'finding.all' : `map.category_${kind}`)}
          </a>
        `,
      )}
    </nav>
  `;
}
