/** What was searched for on this device, newest first. The list operations are pure; `load` and `save` survive any storage. */

const KEY = 'wagu.searches';
const MOST = 8;

/** @param {readonly string[]} list @param {string} text @returns {string[]} */
export function withSearch(list, text) {
  const wanted = text.trim();
  return wanted ? [wanted, ...without(list, wanted)].slice(0, MOST) : [...list];
}

/** @param {readonly string[]} list @param {string} text @returns {string[]} */
export function without(list, text) {
  return list.filter((other) => other !== text);
}

/** @param {Pick<Storage, 'getItem'>} storage @returns {string[]} */
export function load(storage) {
  try {
    const stored = JSON.parse(storage.getItem(KEY) ?? '[]');
    return Array.isArray(stored) ? stored.filter((text) => typeof text === 'string').slice(0, MOST) : [];
  } catch {
    return [];
  }
}

/** @param {Pick<Storage, 'setItem'>} storage @param {readonly string[]} list */
export function save(storage, list) {
  try {
    storage.setItem(KEY, JSON.stringify(list));
  } catch {
    // A private window without storage forgets them.
  }
}
