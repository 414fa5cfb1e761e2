/** Records or lives: in the address, so that a link and the back button know which. */
import { html } from '../html.js';
import { t } from '../i18n.js';
import { memberPath } from './paths.js';

/** @typedef {'posts' | 'lives'} Tab */

/** @param {URLSearchParams} query @returns {Tab} */
export const tabOf = (query) => (query.get('tab') === 'lives' ? 'lives' : 'posts');

/** @param {{profile: import('../types.js').Profile, tab: Tab}} props */
export function MemberTabs({ profile, tab }) {
  const path = memberPath(profile.username);
  return html`
    <nav aria-label=${t('people.tabs', { name: profile.name })}>
      <${TabLinks} tabs=${[
        { key: 'posts', href: path, text: t('people.posts') },
        { key: 'lives', href: `${path}?tab=lives`, text: t('people.lives') },
      ]} here=${tab} />
    </nav>
  `;
}

/** @param {{tabs: {key: string, href: string, text: string}[], here: string}} props */
export function TabLinks({ tabs, here }) {
  return html`
    <ul class="tab-links">
      ${tabs.map(({ key, href, text }) => html`<li key=${key}><a href=${href} aria-current=${key === here ? 'page' : undefined}>${text}</a></li>`)}
    </ul>
  `;
}
