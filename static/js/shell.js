/** What stands around every view: header, the five tabs (a rail on a desktop), toasts, questions. */
import { computed, effect, signal } from '@preact/signals';
import { html } from './html.js';
import { t } from './i18n.js';
import { current, location } from './router.js';
import { known, loadSession, person, unreachable } from './session.js';
import { Avatar } from './ui/avatar.js';
import { BrandMark, EmptyTable } from './ui/art.js';
import { Button, IconButton } from './ui/button.js';
import { CreateSheet } from './ui/create-sheet.js';
import { DialogHost } from './ui/dialog.js';
import { EmptyState } from './ui/empty-state.js';
import { Icon } from './ui/icon.js';
import { Loading } from './ui/spinner.js';
import { useTitle } from './ui/title.js';
import { ToastHost } from './ui/toast.js';

const TABS = [
  { name: 'home', href: '/', icon: 'house' },
  { name: 'vote', href: '/vote', icon: 'vote' },
  { name: 'create', href: '', icon: 'plus' },
  { name: 'map', href: '/map', icon: 'map' },
  { name: 'live', href: '/live', icon: 'radio' },
];

/**
 * The view of a route; none when it could not be loaded.
 *
 * @type {import('@preact/signals').Signal<{route: import('./router.js').Route, view: import('./router.js').View | null} | null>}
 */
const loaded = signal(null);
const creating = signal(false);
const tab = computed(() => current.value?.route.tab ?? '');

function load() {
  const route = current.peek()?.route;
  if (!route) return;
  const show = (/** @type {import('./router.js').View | null} */ view) => {
    if (current.peek()?.route === route) loaded.value = { route, view };
  };
  route.loader().then(show, () => show(null));
}

effect(() => {
  if (current.value && loaded.peek()?.route !== current.value.route) load();
});

/** Another page: readers and the keyboard begin at its top, not where the last one was left. */
let path = location.peek().path;
effect(() => {
  if (location.value.path === path) return;
  path = location.value.path;
  document.getElementById('main')?.focus({ preventScroll: true });
});

/** The whole page. */
export function Shell() {
  const immersive = Boolean(current.value?.route.immersive);
  return html`
    <a class="skip" href="#main" onClick=${toMain}>${t('nav.skip')}</a>
    <div class=${`shell${immersive ? ' immersive' : ''}`}>
      <${Top} />
      <${Tabs} narrow=${immersive} />
      <main id="main" tabindex="-1"><${Outlet} /></main>
    </div>
    <${CreateSheet} open=${creating.value} onClose=${() => (creating.value = false)} />
    <${ToastHost} />
    <${DialogHost} />
  `;
}

function Outlet() {
  const place = current.value;
  const ready = loaded.value;
  if (!place) return html`<${NotFound} />`;
  if (!known.value) return html`<${Asking} />`;
  if (ready?.route !== place.route) return html`<${Loading} />`;
  if (!ready.view) return html`<${Broken} onRetry=${load} />`;
  return html`<${ready.view} key=${location.value.path} params=${place.params} />`;
}

/** Until the server said who we are: a spinner, then what to do when it cannot be reached. */
function Asking() {
  return unreachable.value ? html`<${Broken} onRetry=${() => loadSession()} />` : html`<${Loading} />`;
}

function Top() {
  return html`
    <header class="top on-dark">
      <a class="brand" href="/" aria-label=${t('app.name')}><${BrandMark} /><span>${t('app.name')}</span></a>
      <div class="row"><${IconButton} icon="search" label=${t('nav.search')} href="/search" /><${Me} /></div>
    </header>
  `;
}

/** @param {{narrow: boolean}} props  narrow: a rail of icons, whose words are tool tips */
function Tabs({ narrow }) {
  return html`
    <nav class="tabs" aria-label=${t('nav.label')}>
      <a class="brand rail-only" href="/" aria-label=${t('app.name')}><${BrandMark} /><span>${t('app.name')}</span></a>
      <ul>
        ${TABS.map(({ name, href, icon }) => html`<li key=${name} class=${`tab-${name}`}>${href ? link(name, href, icon, narrow) : create(icon, narrow)}</li>`)}
        <li class="rail-only">${link('search', '/search', 'search', narrow)}</li>
      </ul>
      <div class="rail-only rail-me"><${Me} named narrow=${narrow} /></div>
    </nav>
  `;
}

/** @param {string} name @param {string} href @param {string} icon @param {boolean} narrow */
function link(name, href, icon, narrow) {
  const here = tab.value === name ? 'page' : undefined;
  return html`<a class="tab" href=${href} aria-current=${here} title=${tip(`nav.${name}`, narrow)}><${Icon} name=${icon} /><span>${t(`nav.${name}`)}</span></a>`;
}

/** @param {string} icon @param {boolean} narrow */
function create(icon, narrow) {
  return html`<button type="button" class="tab-plus" aria-label=${t('nav.create')} title=${tip('nav.create', narrow)} aria-haspopup="dialog" onClick=${() => (creating.value = true)}>
    <${Icon} name=${icon} size=${28} /><span class="rail-only">${t('nav.create')}</span>
  </button>`;
}

/** @param {string} key @param {boolean} narrow */
const tip = (key, narrow) => (narrow ? t(key) : undefined);

/** @param {{named?: boolean, narrow?: boolean}} props */
function Me({ named = false, narrow = false }) {
  const who = person.value;
  if (!who) {
    return known.value ? html`<${Button} kind="glass" href="/login" class="compact" icon=${narrow ? 'log-in' : undefined} title=${tip('nav.login', narrow)}>${t('nav.login')}<//>` : null;
  }
  return html`
    <a class="me-link" href="/me" title=${narrow ? who.name : undefined} aria-current=${tab.value === 'me' ? 'page' : undefined}>
      <${Avatar} person=${who} size=${36} />
      <span class="sr-only">${t('nav.me')}: </span><span class=${named ? 'truncate' : 'sr-only'}>${who.name}</span>
    </a>
  `;
}

function NotFound() {
  useTitle(t('notfound.title'));
  return html`<div class="page-middle"><${EmptyState} page art=${html`<${EmptyTable} />`} title=${t('notfound.title')} text=${t('notfound.text')}>
    <${Button} href="/">${t('notfound.home')}<//>
  <//></div>`;
}

/** @param {{onRetry: () => void}} props */
function Broken({ onRetry }) {
  return html`<div class="page-middle"><${EmptyState} page title=${t('broken.title')} text=${t('broken.text')}>
    <${Button} icon="refresh-cw" onClick=${onRetry}>${t('retry')}<//>
  <//></div>`;
}

/** @param {Event} event */
function toMain(event) {
  event.preventDefault();
  document.getElementById('main')?.focus();
}
