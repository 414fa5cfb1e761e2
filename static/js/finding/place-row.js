/** A place in a list: leads to its page. */
import { html } from '../html.js';
import { t } from '../i18n.js';
import { categoryKey, categoryName } from '../share-map/categories.js';
import { CategoryIcon } from '../ui/category-icon.js';
import { Icon } from '../ui/icon.js';

/** @param {{category: string | null, address: string | null}} place */
export const aboutPlace = ({ category, address }) => [categoryName(category, t), address].filter(Boolean).join(' · ') || t('place.unknown_category');

/** @param {{place: {name: string, category: string | null, address: string | null}}} props */
export function PlaceFace({ place }) {
  return html`
    <span class="place-row-icon"><${CategoryIcon} name=${categoryKey(place.category)} size=${24} /></span>
    <span class="choice-words"><b class="truncate">${place.name}</b><span class="muted small truncate">${aboutPlace(place)}</span></span>
  `;
}

/** @param {{place: import('../types.js').Place}} props */
export function PlaceRow({ place }) {
  return html`<a class="place-row" href=${`/places/${place.id}`}><${PlaceFace} place=${place} /><${Icon} name="chevron-right" size=${20} /></a>`;
}
