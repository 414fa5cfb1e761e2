/** Paths to views: `route` declares, `navigate` moves, `location` and `current` tell where we are. */
import { computed, signal } from '@preact/signals';
import { match } from './match.js';

/**
 * @typedef {import('preact').ComponentType<{params: Record<string, string>}>} View
 * @typedef {() => Promise<View>} Loader
 * @typedef {object} Route
 * @property {string} pattern
 * @property {Loader} loader
 * @property {boolean} immersive  the phone shows neither header nor tabs; the view fills the screen
 * @property {string} tab  which tab is lit: home | vote | map | live | ''
 */

/** @type {Route[]} */
const routes = [];

const here = () => ({
  path: window.location.pathname,
  query: new URLSearchParams(window.location.search),
});

/** Where we are; changes with every navigation. */
export const location = signal(here());

/** The route that matches, with its parameters; null when nothing does. */
export const current = computed(() => {
  const { path } = location.value;
  for (const route of routes) {
    const params = match(route.pattern, path);
    if (params) return { route, params };
  }
  return null;
});

/**
 * @param {string} pattern  e.g. `/map/:id`
 * @param {Loader} loader  imports the view lazily
 * @param {{immersive?: boolean, tab?: string}} [options]
 */
export function route(pattern, loader, { immersive = false, tab = '' } = {}) {
  routes.push({ pattern, loader, immersive, tab });
}

/**
 * @param {string} path  with query, of this site
 * @param {{replace?: boolean, scroll?: boolean}} [options]  scroll: to the top, as of another page
 */
export function navigate(path, { replace = false, scroll = true } = {}) {
  if (replace) window.history.replaceState(null, '', path);
  else window.history.pushState(null, '', path);
  location.value = here();
  if (scroll) window.scrollTo(0, 0);
}

/** Once all routes are declared: find the first view, then follow links without loading the page anew. */
export function startRouter() {
  location.value = here();
  window.addEventListener('popstate', () => {
    location.value = here();
  });
  document.addEventListener('click', (event) => {
    if (event.defaultPrevented || event.button !== 0) return;
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    const link = /** @type {Element} */ (event.target).closest?.('a[href]');
    if (!(link instanceof HTMLAnchorElement) || link.target || link.hasAttribute('download')) return;
    const url = new URL(link.href);
    if (url.origin !== window.location.origin || url.pathname.startsWith('/api/')) return;
    if (url.pathname === window.location.pathname && url.hash) return;
    event.preventDefault();
    navigate(url.pathname + url.search);
  });
}
