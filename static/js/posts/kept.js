/**
 * Drafts on this device, so that nothing typed is lost: of each account, one of a new post and one of each
 * post that is being changed. They outlive a log-out, and are shown to the account that wrote them only.
 * `storage` may be full, forbidden or full of nonsense.
 */

/**
 * @typedef {import('./draft.js').Draft} Draft
 * @typedef {{owner: string, post: string}} Which  post: its id, or `new`
 */

const PREFIX = 'wagu.draft.';
const VERSION = 1;
const KEPT_MAX = 12; // drafts on a device; the longest untouched gives way

/** @param {Which} which */
const nameOf = ({ owner, post }) => `${PREFIX}${owner}.${post}`;

/** @param {Pick<Storage, 'getItem'>} storage @param {Which} which @returns {Draft | null} */
export function loadDraft(storage, which) {
  try {
    const { version, draft } = JSON.parse(storage.getItem(nameOf(which)) ?? '{}');
    return version === VERSION && isDraft(draft) ? draft : null;
  } catch {
    return null;
  }
}

/** @param {Storage} storage @param {Which} which @param {Draft} draft @param {number} now ms @returns {boolean}  whether it is kept */
export function keepDraft(storage, which, draft, now) {
  const name = nameOf(which);
  try {
    makeRoom(storage, name);
    storage.setItem(name, JSON.stringify({ version: VERSION, at: now, draft }));
    return true;
  } catch {
    return false;
  }
}

/** @param {Pick<Storage, 'removeItem'>} storage @param {Which} which */
export function dropDraft(storage, which) {
  try {
    storage.removeItem(nameOf(which));
  } catch {
    // What cannot be removed could not be kept either.
  }
}

/** @param {Storage} storage @param {string} name  of the draft that is to have a place */
function makeRoom(storage, name) {
  const names = Array.from({ length: storage.length }, (_, i) => storage.key(i) ?? '').filter((one) => one.startsWith(PREFIX) && one !== name);
  const byAge = names.map((one) => ({ one, at: keptAt(storage.getItem(one)) })).sort((a, b) => b.at - a.at);
  for (const { one } of byAge.slice(KEPT_MAX - 1)) storage.removeItem(one);
}

/** @param {string | null} text */
function keptAt(text) {
  try {
    return Number(JSON.parse(text ?? '').at) || 0;
  } catch {
    return 0;
  }
}

/** @param {any} value @returns {value is Draft}  as far as a mistake could break the form */
function isDraft(value) {
  return (
    Array.isArray(value?.menus) && value.menus.length > 0 &&
    value.menus.every((/** @type {any} */ menu) => [menu?.key, menu?.name, menu?.price, menu?.text].every((text) => typeof text === 'string')) &&
    isWords(value.words) && (value.before === null || isWords(value.before)) &&
    typeof value.category === 'string' && typeof value.eaten_on === 'string' && typeof value.visibility === 'string' &&
    (value.place === null || (typeof value.place?.name === 'string' && Array.isArray(value.place.at)))
  );
}

/** @param {any} words */
const isWords = (words) => typeof words?.text === 'string' && typeof words.origin === 'string';
