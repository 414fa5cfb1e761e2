/** Who is live at a place now, and who was. */
import { useState } from 'preact/hooks';
import { html } from '../html.js';
import { t } from '../i18n.js';
import { LiveBadge, PeakViewers, Snapshot, Viewers, takeLives, whenOf } from '../live/card.js';
import { Avatar } from '../ui/avatar.js';
import { Button } from '../ui/button.js';
import { Icon } from '../ui/icon.js';
import { Pager, usePages } from '../ui/pager.js';

/** @typedef {import('../types.js').Live} Live */

/** @param {Live[]} lives */
export const onNow = (lives) => lives.filter(({ state }) => state === 'on_air' || state === 'interrupted');

/** @param {{lives: Live[]}} props */
export function LivesNow({ lives }) {
  const now = onNow(lives);
  if (now.length === 0) return null;
  return html`
    <section class="place-now" aria-label=${t('place.live_now')}>
      ${now.map(
        (live) => html`
          <a key=${live.id} class="place-now-live" href=${`/live/${live.id}`} aria-label=${t('live.open', { host: live.host.name, title: live.title })}>
            <span class="place-now-face"><${Avatar} person=${live.host} size=${48} ring="live" /><${Snapshot} live=${live} /></span>
            <span class="choice-words"><span class="row"><${LiveBadge} state=${live.state} /><${Viewers} n=${live.viewers} /></span><b class="truncate">${live.title}</b></span>
            <${Icon} name="chevron-right" size=${20} />
          </a>
        `,
      )}
    </section>
  `;
}

/** @param {{id: number, lives: Live[], more: boolean}} props  more: there are others than these */
export function PastLives({ id, lives, more }) {
  const [all, setAll] = useState(false);
  const pages = usePages(all ? `/api/places/${id}/lives` : null, takeLives);
  const past = (pages.items.length > 0 ? pages.items : lives).filter(({ state }) => state === 'ended');
  if (past.length === 0) return null;
  return html`
    <section class="place-past">
      <h2>${t('place.past_lives')}</h2>
      <ul class="past-lives">${past.map((live) => html`<li key=${live.id}><${PastLive} live=${live} /></li>`)}</ul>
      ${more && !all && html`<${Button} kind="quiet" onClick=${() => setAll(true)}>${t('pager.more')}<//>`}
      ${all && html`<${Pager} pages=${pages} />`}
    </section>
  `;
}

/** @param {{live: Live}} props */
function PastLive({ live }) {
  const { host, title, id } = live;
  return html`
    <a class="past-live" href=${`/live/${id}`} aria-label=${t('live.look_back', { host: host.name, title })}>
      <${Avatar} person=${host} size=${40} />
      <span class="choice-words"><b class="truncate">${title}</b><span class="muted small">${host.name} · ${whenOf(live)}</span></span>
      <${PeakViewers} n=${live.peak_viewers ?? 0} />
    </a>
  `;
}

