/**
 * Lists as they were left, so that Back finds them and its place in them. Kept by the entry of the
 * browser's history and the list's path, in memory: a reload begins anew. Pure but for `entryOf`.
 */

/** @typedef {{listed: import('./page-list.js').Listed, top: number}} Kept  top: px scrolled down */

const MOST = 12;

export class KeptPages {
  /** @type {Map<string, Kept>} the longest untouched first */ #kept = new Map();

  /** @param {string} entry @param {string} path @returns {Kept | undefined} */
  find(entry, path) {
    return this.#kept.get(`${entry} ${path}`);
  }

  /** @param {string} entry @param {string} path @param {Kept} kept */
  keep(entry, path, kept) {
    const key = `${entry} ${path}`;
    this.#kept.delete(key);
    this.#kept.set(key, kept);
    for (const oldest of this.#kept.keys()) {
      if (this.#kept.size <= MOST) break;
      this.#kept.delete(oldest);
    }
  }

  /** Something was written or deleted: what was listed may be untrue. */
  forget() {
    this.#kept.clear();
  }
}

let last = 0;

/**
 * The name of the current entry of the browser's history, given when first asked for.
 * @param {Pick<History, 'state' | 'replaceState'>} history
 */
export function entryOf(history) {
  const { state } = history;
  if (typeof state?.entry === 'string') return /** @type {string} */ (state.entry);
  last += 1;
  const entry = `${Date.now().toString(36)}-${last}`;
  history.replaceState({ ...state, entry }, '');
  return entry;
}
