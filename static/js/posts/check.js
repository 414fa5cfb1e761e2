/** What is missing in a draft, at the field where it is missing; and where a server's complaint belongs. Pure. */
import { HIGHEST_PRICE, LONGEST_MENU_TEXT, LONGEST_NAME, LONGEST_TEXT, priceOf, writtenMenus } from './draft.js';

/**
 * @typedef {import('./draft.js').Draft} Draft
 * @typedef {import('./draft.js').DraftMenu} DraftMenu
 * @typedef {{field: string, code: string, error?: unknown}} Problem
 *   field: place | category | menus | <key>.name | <key>.price | <key>.text | <key>.photo | eaten_on | text | ''
 */

/** @param {Draft} draft @param {string} today @returns {Problem[]}  in the order of the form */
export function problemsIn(draft, today) {
  const menus = writtenMenus(draft);
  const found = menus.flatMap((menu, i) => problemsOf(menu, menus.slice(0, i)));
  if (menus.length === 0) found.push({ field: `${draft.menus[0].key}.name`, code: 'post.menu_name' });
  if (!draft.place) found.push({ field: 'place', code: 'post.one_place' });
  if (!draft.category) found.push({ field: 'category', code: 'post.no_category' });
  if (draft.eaten_on > today) found.push({ field: 'eaten_on', code: 'post.bad_date' });
  if (length(draft.words.text) > LONGEST_TEXT) found.push({ field: 'text', code: 'post.bad_text' });
  return found;
}

/** @param {DraftMenu} menu @param {DraftMenu[]} earlier @returns {Problem[]} */
function problemsOf({ key, name, price, text }, earlier) {
  const found = [];
  if (!name.trim() || length(name.trim()) > LONGEST_NAME) found.push({ field: `${key}.name`, code: 'post.menu_name' });
  else if (earlier.some((other) => same(other.name, name))) found.push({ field: `${key}.name`, code: 'post.same_menu' });
  if ((priceOf(price) ?? 0) > HIGHEST_PRICE || (price.trim() && priceOf(price) === null)) found.push({ field: `${key}.price`, code: 'post.menu_price' });
  if (length(text) > LONGEST_MENU_TEXT) found.push({ field: `${key}.text`, code: 'post.menu_text' });
  return found;
}

/** The server's field is ours by another name. */
const FIELDS = /** @type {Record<string, string>} */ ({
  place_id: 'place', place: 'place', name: 'place', at: 'place', address: 'place',
  category: 'category', eaten_on: 'eaten_on', text: 'text', words: 'text', menus: 'menus',
});

/** @param {{code?: string, field?: string | null}} error @returns {string}  '' where it belongs to no field */
export function fieldOf({ code = '', field }) {
  if (code.startsWith('place.')) return 'place';
  return FIELDS[(field ?? '').split(/[.[]/)[0]] ?? '';
}

/** As the server compares names. @param {string} a @param {string} b */
const same = (a, b) => a.trim().replace(/\s+/g, ' ').toLowerCase() === b.trim().replace(/\s+/g, ' ').toLowerCase();

/** In code points, as the server counts. @param {string} text */
const length = (text) => [...text].length;
