/** What the search page is asked, as its address and as the server's. Pure. */

export const TABS = ['places', 'records', 'people'];

/** @typedef {{q: string, tab: string}} Asked */

/** @param {URLSearchParams} query @returns {Asked} */
export function askedIn(query) {
  const tab = query.get('tab') ?? '';
  return { q: query.get('q') ?? '', tab: TABS.includes(tab) ? tab : 'places' };
}

/** The address of the page. @param {Asked} asked */
export function hrefOf({ q, tab }) {
  const query = new URLSearchParams();
  if (q.trim()) query.set('q', q.trim());
  if (tab !== 'places') query.set('tab', tab);
  const text = query.toString();
  return text ? `/search?${text}` : '/search';
}

/** The address of the answer; null when there is nothing to ask. @param {Asked} asked */
export function apiPathOf({ q, tab }) {
  const wanted = encodeURIComponent(q.trim());
  if (!wanted) return null;
  return tab === 'people' ? `/api/members?q=${wanted}` : `/api/search?kind=${tab}&q=${wanted}`;
}

/** @param {string} tab @returns {(body: any) => any[]} */
export const takeOf = (tab) => (body) => body[tab];
