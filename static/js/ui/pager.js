/** Lists that go on as one scrolls: `usePages` fetches, `Pager` stands below the items. Back finds them as they were. */
import { effect } from '@preact/signals';
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { api } from '../api.js';
import { KeptPages, entryOf } from '../finding/kept-pages.js';
import { NOTHING, PageList, pathAfter } from '../finding/page-list.js';
import { html } from '../html.js';
import { errorText, t } from '../i18n.js';
import { person } from '../session.js';
import { Button } from './button.js';
import { Spinner } from './spinner.js';

const AHEAD = '800px'; // about a phone's screen before the end

const kept = new KeptPages();
// What one person may see is not for whoever logs in next.
effect(() => void (person.value?.id, kept.forget()));

/** To be called by whoever writes or deletes what lists show. */
export const forgetPages = () => kept.forget();

/**
 * @template T
 * @typedef {object} Pages
 * @property {T[]} items
 * @property {boolean} ready  the first page is there (or a kept one)
 * @property {'loading' | 'more' | 'failed' | 'end'} state
 * @property {unknown} error
 * @property {() => void} more
 * @property {() => void} reload
 */

/**
 * A new `path` is another list. The body's `next` becomes the query's `after`.
 *
 * @template T
 * @param {string | null} path  null lists nothing
 * @param {(body: any) => T[]} take  items with an `id`
 * @returns {Pages<T>}
 */
export function usePages(path, take) {
  const [shown, setShown] = useState(/** @type {{path: string | null, list: PageList | null, listed: import('../finding/page-list.js').Listed}} */ ({ path: null, list: null, listed: NOTHING }));
  const back = useRef(/** @type {number | null} */ (null));
  useLayoutEffect(() => {
    if (path === null) {
      setShown({ path, list: null, listed: NOTHING });
      return undefined;
    }
    const entry = entryOf(window.history);
    const was = kept.find(entry, path);
    const ask = (/** @type {string | number | null} */ after) =>
      api.get(pathAfter(path, after)).then((body) => ({ items: take(body), next: body.next ?? null }));
    const list = new PageList(ask, (listed) => setShown({ path, list, listed }), was?.listed);
    back.current = was ? was.top : null;
    setShown({ path, list, listed: list.listed });
    void list.start();
    let top = window.scrollY;
    // Read while it is there: by the time one has left, the next page has scrolled.
    const onScroll = () => (top = window.scrollY);
    const onLeave = () => window.removeEventListener('scroll', onScroll);
    window.addEventListener('scroll', onScroll, { passive: true });
    const keep = () => kept.keep(entry, path, { listed: list.listed, top });
    return () => {
      onLeave();
      list.close();
      keep();
    };
  }, [path]);
  useLayoutEffect(() => {
    if (back.current === null || shown.listed.items.length === 0) return;
    window.scrollTo(0, back.current);
    back.current = null;
  }, [shown]);
  const { list, listed } = shown.path === path ? shown : { list: null, listed: NOTHING };
  const { items, state, error } = listed;
  return { items, state, error, ready: items.length > 0 || state === 'end', more: () => void list?.more(), reload: () => void list?.start() };
}

/** The next page comes when this is nearly seen, and by its button. @param {{pages: Pages<any>}} props */
export function Pager({ pages }) {
  const end = useRef(/** @type {HTMLDivElement | null} */ (null));
  const { state, more, error, items } = pages;
  useEffect(() => {
    if (state !== 'more' || !end.current) return undefined;
    const watch = new IntersectionObserver(([entry]) => entry.isIntersecting && more(), { rootMargin: AHEAD });
    watch.observe(end.current);
    return () => watch.disconnect();
  }, [state, items.length]);
  if (state === 'end') return null;
  return html`
    <div class="pager" ref=${end} data-testid="pager">
      ${state === 'loading'
        ? html`<${Spinner} size=${28} label=${t('loading')} />`
        : html`
            ${state === 'failed' && html`<p class="muted" role="alert">${errorText(error)}</p>`}
            <${Button} kind="secondary" onClick=${more}>${t(state === 'failed' ? 'retry' : 'pager.more')}<//>
          `}
    </div>
  `;
}
