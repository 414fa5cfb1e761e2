/** A view's data from the server: fetched when the view opens, again every so often while it is looked at. */
import { useEffect, useState } from 'preact/hooks';
import { api } from './api.js';

/**
 * @template T
 * @typedef {{data: T | null, error: unknown, reload: () => void}} Fetched  `error` with `data`: the data is old
 */

/**
 * @template T
 * @param {string | null} path  null fetches nothing
 * @param {(body: any) => T} take
 * @param {{every?: number}} [options]  ms
 * @returns {Fetched<T>}
 */
export function useFetched(path, take, { every = 0 } = {}) {
  const [data, setData] = useState(/** @type {T | null} */ (null));
  const [error, setError] = useState(/** @type {unknown} */ (null));
  const [round, setRound] = useState(0);
  useEffect(() => {
    if (path === null) return undefined;
    let gone = false;
    const fetchIt = () =>
      api.get(path).then(
        (body) => {
          if (gone) return;
          setData(take(body));
          setError(null);
        },
        (reason) => !gone && setError(reason),
      );
    const whileSeen = () => document.visibilityState === 'visible' && void fetchIt();
    void fetchIt();
    const timer = every ? setInterval(whileSeen, every) : undefined;
    if (every) document.addEventListener('visibilitychange', whileSeen);
    return () => {
      gone = true;
      clearInterval(timer);
      document.removeEventListener('visibilitychange', whileSeen);
    };
  }, [path, round]);
  return { data, error, reload: () => setRound(round + 1) };
}
