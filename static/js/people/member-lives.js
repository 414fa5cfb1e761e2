/** When somebody was live: on air first, then what is over. */
import { html } from '../html.js';
import { t } from '../i18n.js';
import { LiveCard } from '../live/card.js';
import { Button } from '../ui/button.js';
import { EmptyState } from '../ui/empty-state.js';
import { Pager } from '../ui/pager.js';

/** @typedef {import('../types.js').Live} Live */

/** The one that can be watched now. @param {Live[]} lives */
export const onAirOf = (lives) => lives.find(({ state }) => state === 'on_air' || state === 'interrupted') ?? null;

/** @param {{profile: import('../types.js').Profile, lives: import('../ui/pager.js').Pages<Live>}} props */
export function MemberLives({ profile, lives }) {
  if (lives.ready && lives.items.length === 0) {
    return html`
      <${EmptyState} title=${t('people.no_lives', { name: profile.name })}>
        ${profile.bond.oneself && html`<${Button} icon="radio" href="/live/new">${t('live.start')}<//>`}
      <//>
    `;
  }
  return html`
    <h2 class="sr-only">${t('people.lives')}</h2>
    <ul class="live-grid">${lives.items.map((live) => html`<li key=${live.id}><${LiveCard} live=${live} /></li>`)}</ul>
    <${Pager} pages=${lives} />
  `;
}
