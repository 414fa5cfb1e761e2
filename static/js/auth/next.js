/** Where somebody wanted to go before signing in. A provider's failure comes back without it, so the tab remembers. */
import { safeNext } from '../match.js';

const KEPT = 'wagu.next';

/** @param {string} next */
export const rememberNext = (next) => sessionStorage.setItem(KEPT, next);

/** @param {URLSearchParams} query  of the log-in or sign-up page @returns {string} a path of this site */
export function nextOf(query) {
  const remembered = query.has('error') ? sessionStorage.getItem(KEPT) : null;
  return safeNext(query.get('next') ?? remembered);
}
