/** Starts the client: declares the routes, asks who we are, draws the shell. */
import { render } from 'preact';
import { html } from './html.js';
import { route, startRouter } from './router.js';
import { loadSession } from './session.js';
import { Shell } from './shell.js';
import { loadStyle } from './style.js';

/** @typedef {{default: import('./router.js').View}} ViewModule */

/**
 * A view's loader; its style sheets come with it, so that it never shows undressed.
 *
 * @param {() => Promise<ViewModule>} load
 * @param {...string} sheets
 * @returns {import('./router.js').Loader}
 */
function view(load, ...sheets) {
  return async () => {
    const [module] = await Promise.all([load(), ...sheets.map((name) => loadStyle(`/static/${name}.css`))]);
    return module.default;
  };
}

const LEAFLET = 'vendor/leaflet/leaflet';

route('/', view(() => import('./views/home.js'), 'css/home'), { tab: 'home' });
route('/vote', view(() => import('./views/vote.js'), 'css/share-map'), { tab: 'vote' });
route('/map', view(() => import('./views/explore.js'), LEAFLET, 'css/share-map', 'css/finding', 'css/place-now', 'css/explore'), { tab: 'map' });
route('/map/:id', view(() => import('./views/share-map.js'), LEAFLET, 'css/share-map', 'css/moderation'), { tab: 'vote', immersive: true });
route('/places/:id', view(() => import('./views/place.js'), LEAFLET, 'css/finding', 'css/place-now'), { tab: 'map' });
route('/search', view(() => import('./views/search.js'), 'css/finding'), { tab: 'search' });
route('/live', view(() => import('./views/lives.js')), { tab: 'live' });
route('/live/new', view(() => import('./views/live-new.js'), 'css/live', 'css/golive'), { tab: 'live' });
route('/live/:id', view(() => import('./views/live.js'), 'css/live', 'css/golive', 'css/live-past', 'css/moderation', 'css/stage'), { tab: 'live', immersive: true });
route('/members/:username', view(() => import('./views/member.js'), 'css/people'));
route('/members/:username/followers', view(() => import('./views/followers.js'), 'css/people'));
route('/members/:username/followings', view(() => import('./views/followings.js'), 'css/people'));
route('/posts/new', view(() => import('./views/post-new.js'), LEAFLET, 'css/posts-write'), { immersive: true });
route('/posts/:id', view(() => import('./views/post.js'), LEAFLET, 'css/posts'), { tab: 'home' });
route('/posts/:id/edit', view(() => import('./views/post-edit.js'), LEAFLET, 'css/posts-write'), { immersive: true });
route('/login', view(() => import('./views/login.js'), 'css/auth', 'css/providers'));
route('/signup', view(() => import('./views/signup.js'), 'css/auth', 'css/providers'));
route('/setup/:token', view(() => import('./views/setup.js'), 'css/auth'));
route('/admin', view(() => import('./views/admin.js'), 'css/admin'), { tab: 'me' });
route('/stats', view(() => import('./views/stats.js'), 'css/stats'));
route('/me', view(() => import('./views/me.js'), 'css/auth', 'css/account'), { tab: 'me' });
route('/me/edit', view(() => import('./views/me-edit.js'), 'css/auth', 'css/account'), { tab: 'me' });
route('/me/security', view(() => import('./views/me-security.js'), 'css/auth', 'css/account', 'css/providers'), { tab: 'me' });
route('/me/data', view(() => import('./views/me-data.js'), 'css/auth', 'css/account'), { tab: 'me' });
route('/me/blocks', view(() => import('./views/me-blocks.js'), 'css/account'), { tab: 'me' });

startRouter();
loadSession();
render(html`<${Shell} />`, /** @type {HTMLElement} */ (document.getElementById('app')));
