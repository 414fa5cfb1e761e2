/**
 * A list that comes in pages: what is there, and asking for what follows. Pure but for `ask`.
 *
 * @typedef {{items: any[], next: string | number | null}} Page
 * @typedef {'loading' | 'more' | 'failed' | 'end'} State  more: there is a next page, nobody asked yet
 * @typedef {{items: any[], next: string | number | null, state: State, error: unknown}} Listed
 */

/** @type {Listed} */
export const NOTHING = { items: [], next: null, state: 'loading', error: null };

export class PageList {
  #round = 0;

  /**
   * @param {(after: string | number | null) => Promise<Page>} ask
   * @param {(listed: Listed) => void} onChange
   * @param {Listed} [kept]  what was there when one left
   */
  constructor(ask, onChange, kept = NOTHING) {
    this.ask = ask;
    this.onChange = onChange;
    // A page that was under way when one left is asked for again.
    const state = kept.state === 'loading' && kept.items.length > 0 ? 'more' : kept.state;
    this.listed = { ...kept, state };
  }

  /** The first page; what was listed stays until it is there. */
  start() {
    return this.#fetch(null, (page) => refreshed(this.listed, page));
  }

  /** The next page, once however often it is asked for. After a failure: again. */
  more() {
    const { state, next, items } = this.listed;
    if (state === 'loading' || state === 'end') return Promise.resolve();
    if (items.length === 0) return this.start();
    return this.#fetch(next, (page) => ({ items: [...items, ...newIn(page.items, items)], next: page.next }));
  }

  /** Nobody looks any more: an answer on its way changes nothing. */
  close() {
    this.#round += 1;
  }

  /** @param {string | number | null} after @param {(page: Page) => Page} join */
  async #fetch(after, join) {
    this.#round += 1;
    const round = this.#round;
    this.#be({ ...this.listed, state: 'loading', error: null });
    try {
      const page = await this.ask(after);
      if (round !== this.#round) return;
      const joined = join(page);
      this.#be({ ...joined, state: joined.next === null ? 'end' : 'more', error: null });
    } catch (error) {
      if (round === this.#round) this.#be({ ...this.listed, state: 'failed', error });
    }
  }

  /** @param {Listed} listed */
  #be(listed) {
    this.listed = listed;
    this.onChange(listed);
  }
}

/**
 * A list after its first page was asked for again: the fresh page, then what followed it. Where the two
 * do not touch, something may lie between them, so the fresh page stands alone.
 *
 * @param {Page} old @param {Page} fresh @returns {Page}
 */
export function refreshed(old, fresh) {
  const last = fresh.items.at(-1);
  const at = last ? old.items.findIndex(({ id }) => id === last.id) : -1;
  if (at < 0 || fresh.next === null) return fresh;
  return { items: [...fresh.items, ...newIn(old.items.slice(at + 1), fresh.items)], next: at + 1 < old.items.length ? old.next : fresh.next };
}

/** Those that are not among `known`: a list that moved between two pages shows nothing twice. @param {any[]} items @param {any[]} known */
function newIn(items, known) {
  const ids = new Set(known.map(({ id }) => id));
  return items.filter(({ id }) => !ids.has(id));
}

/** The path of the page after. @param {string} path @param {string | number | null} after */
export function pathAfter(path, after) {
  if (after === null) return path;
  return `${path}${path.includes('?') ? '&' : '?'}after=${encodeURIComponent(after)}`;
}
