/**
 * Shared maps visited on this device, newest first. The list operations are pure; `load` and
 * `save` survive a storage that is full, forbidden or full of nonsense.
 *
 * @typedef {{id: string, title: string, visited: number}} Recent  visited: ms since the epoch
 */

const KEY = 'wagu.recent-maps';
const MAX = 8;

/** @param {unknown} value @returns {value is Recent} */
function isRecent(value) {
  if (typeof value !== 'object' || value === null) return false;
  const { id, title, visited } = /** @type {Record<string, unknown>} */ (value);
  return typeof id === 'string' && typeof title === 'string' && typeof visited === 'number';
}

/** @param {readonly Recent[]} list @param {Recent} visit @returns {Recent[]} */
export function withVisit(list, visit) {
  return [visit, ...list.filter(({ id }) => id !== visit.id)].slice(0, MAX);
}

/** @param {readonly Recent[]} list @param {string} id @returns {Recent[]} */
export function without(list, id) {
  return list.filter((recent) => recent.id !== id);
}

/** @param {Pick<Storage, 'getItem'>} storage @returns {Recent[]} */
export function load(storage) {
  try {
    const stored = JSON.parse(storage.getItem(KEY) ?? '[]');
    return Array.isArray(stored) ? stored.filter(isRecent).slice(0, MAX) : [];
  } catch {
    return [];
  }
}

/** @param {Pick<Storage, 'setItem'>} storage @param {readonly Recent[]} list */
export function save(storage, list) {
  try {
    storage.setItem(KEY, JSON.stringify(list));
  } catch {
    // A private window without storage loses its list of recent maps, and nothing else.
  }
}
