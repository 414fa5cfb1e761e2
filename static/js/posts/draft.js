/** A meal while it is being written: what the form shows, the device keeps and the server gets. Pure. */

/**
 * @typedef {import('../types.js').LatLng} LatLng
 * @typedef {import('../types.js').PictureView} PictureView
 *
 * @typedef {{id: number | null, name: string, at: LatLng, category: string | null, address: string | null}} DraftPlace
 *   without an id nobody knows it here yet
 *
 * @typedef {object} DraftMenu
 * @property {string} key  names it while its name may change
 * @property {string} name
 * @property {string} price  as typed
 * @property {string} text
 * @property {boolean} main
 * @property {PictureView | null} photo
 * @property {boolean} file  a photo is chosen for it, and not uploaded yet
 *
 * @typedef {{text: string, origin: import('../types.js').TextOrigin}} Words
 *
 * @typedef {object} Draft
 * @property {DraftPlace | null} place
 * @property {string} category  '' until chosen
 * @property {number | null} rating
 * @property {import('../types.js').Visibility} visibility
 * @property {string} eaten_on  YYYY-MM-DD or ''
 * @property {Words} words
 * @property {Words | null} before  the words before the machine wrote, until its own are accepted
 * @property {DraftMenu[]} menus
 * @property {number} base  `updated_at` of the post that is changed; 0: a new one
 */

export const MENUS_MAX = 10;
export const LONGEST_NAME = 40;
export const LONGEST_MENU_TEXT = 500;
export const LONGEST_TEXT = 5_000;
export const HIGHEST_PRICE = 100_000_000;

/** @param {string} key @returns {DraftMenu} */
export const blankMenu = (key) => ({ key, name: '', price: '', text: '', main: false, photo: null, file: false });

/** @param {{today: string, visibility: import('../types.js').Visibility, key: string}} start @returns {Draft} */
export function blankDraft({ today, visibility, key }) {
  return {
    place: null, category: '', rating: null, visibility, eaten_on: today,
    words: { text: '', origin: 'own' }, before: null, menus: [blankMenu(key)], base: 0,
  };
}

/** @param {import('../types.js').PostView} post @param {() => string} newKey @returns {Draft} */
export function draftOf(post, newKey) {
  return {
    place: post.place,
    category: post.category,
    rating: post.rating,
    visibility: post.visibility,
    eaten_on: post.eaten_on ?? '',
    words: { text: post.text, origin: post.text_origin },
    before: null,
    menus: post.menus.map(({ name, price, text, main, photo }) => ({
      key: newKey(), name, price: price === null ? '' : String(price), text, main, photo, file: false,
    })),
    base: post.updated_at,
  };
}

/** Nothing of one's own is in it. @param {DraftMenu} menu */
export function isBlankMenu({ name, price, text, photo, file }) {
  return !name.trim() && !price.trim() && !text.trim() && !photo && !file;
}

/** The menus that count: an empty card left over is no menu. @param {Draft} draft */
export function writtenMenus({ menus }) {
  return menus.filter((menu) => !isBlankMenu(menu));
}

/** Somebody put something into it that would be missed. @param {Draft} draft */
export function isWorthKeeping(draft) {
  const { place, category, rating, words, before } = draft;
  return Boolean(place || category || rating || words.text.trim() || before?.text.trim() || writtenMenus(draft).length);
}

/** `12,000원` is 12000; null without a digit. @param {string} typed */
export function priceOf(typed) {
  const digits = typed.replace(/[^\d]/g, '');
  return digits ? Number(digits) : null;
}

/** The body of `POST /api/posts` and of `PATCH /api/posts/{id}`. @param {Draft} draft */
export function bodyOf(draft) {
  const { place, category, rating, visibility, eaten_on, words } = draft;
  return {
    ...whereOf(place),
    category, rating, visibility,
    text: words.text,
    text_origin: words.text.trim() ? words.origin : 'own',
    eaten_on: eaten_on || null,
    menus: writtenMenus(draft).map((menu) => ({
      name: menu.name, price: priceOf(menu.price), text: menu.text, photo_id: menu.photo?.id ?? null, main: menu.main,
    })),
  };
}

/** @param {DraftPlace | null} place */
function whereOf(place) {
  if (!place) return {};
  const { id, name, at, category, address } = place;
  return id === null ? { place: { name, at, category, address } } : { place_id: id };
}

// ------------------------------------------------------------------------------------ menus

/** @param {Draft} draft @param {string} key @param {Partial<DraftMenu>} change @returns {Draft} */
export function withMenu(draft, key, change) {
  return { ...draft, menus: draft.menus.map((menu) => (menu.key === key ? { ...menu, ...change } : menu)) };
}

/** One main menu at most. @param {Draft} draft @param {string} key @returns {Draft} */
export function withMain(draft, key) {
  return { ...draft, menus: draft.menus.map((menu) => ({ ...menu, main: menu.key === key })) };
}

/** @param {Draft} draft @param {string} key @param {string} spare  the key of an empty card, where none is left */
export function withoutMenu(draft, key, spare) {
  const menus = draft.menus.filter((menu) => menu.key !== key);
  return { ...draft, menus: menus.length ? menus : [blankMenu(spare)] };
}

/** @param {Draft} draft @param {string} key @param {-1 | 1} step @returns {Draft} */
export function withMoved(draft, key, step) {
  const from = draft.menus.findIndex((menu) => menu.key === key);
  const to = from + step;
  if (from < 0 || to < 0 || to >= draft.menus.length) return draft;
  const menus = [...draft.menus];
  [menus[from], menus[to]] = [menus[to], menus[from]];
  return { ...draft, menus };
}

/**
 * Photos to menus: cards without one take them first, then there are new cards, while there is room.
 *
 * @param {Draft} draft @param {number} photos @param {() => string} newKey
 * @returns {{draft: Draft, keys: string[]}}  the cards that take one each, in order; fewer than `photos` when full
 */
export function withRoomFor(draft, photos, newKey) {
  const free = draft.menus.filter(({ photo, file }) => !photo && !file).map(({ key }) => key);
  const more = Math.max(0, Math.min(photos - free.length, MENUS_MAX - draft.menus.length));
  const added = Array.from({ length: more }, () => blankMenu(newKey()));
  const menus = [...draft.menus, ...added];
  return { draft: { ...draft, menus }, keys: [...free, ...added.map(({ key }) => key)].slice(0, photos) };
}
