/** A live that is over: what it was, where, when, how many watched, and its video where there is one. */
import { onTheMap } from '../finding/on-the-map.js';
import { html } from '../html.js';
import { locale, t } from '../i18n.js';
import { FinishedMeal } from '../ui/art.js';
import { Avatar } from '../ui/avatar.js';
import { Button, IconButton } from '../ui/button.js';
import { Icon } from '../ui/icon.js';
import { useTitle } from '../ui/title.js';
import { LiveBadge, lengthText } from './card.js';

/** @param {{live: import('../types.js').Live, mine: boolean}} props */
export function PastLive({ live, mine }) {
  const { title, host, place, recording, snapshot } = live;
  useTitle(title);
  const member = host.username;
  return html`
    <div class="past" data-testid="live-ended">
      <header class="past-top on-dark">
        <${IconButton} icon="arrow-left" label=${t('live.title')} href="/live" />
        <p role="status">${t(mine ? 'watch.host_ended' : 'watch.ended')}</p>
      </header>
      ${recording
        ? html`<video class="past-video" src=${recording} poster=${snapshot ?? undefined} controls playsinline preload="metadata" aria-label=${t('past.video', { title })}></video>`
        : html`<div class="past-art"><${FinishedMeal} /></div>`}
      <div class="past-words">
        <p><${LiveBadge} state="ended" /></p>
        <h1>${title}</h1>
        <${member ? 'a' : 'p'} class="past-host" href=${member ? `/members/${encodeURIComponent(member)}` : undefined}><${Avatar} person=${host} size=${40} /><b class="truncate">${host.name}</b><//>
        <${Facts} live=${live} />
        ${place &&
        html`<div class="past-place">
          <a class="choice" href=${`/places/${place.id}`}>
            <span class="choice-icon"><${Icon} name="map-pin" size=${26} /></span>
            <span class="choice-words"><b class="truncate">${place.name}</b>${place.address && html`<span class="muted small truncate">${place.address}</span>`}</span>
            <${Icon} name="chevron-right" size=${20} />
          </a>
        </div>`}
        <div class="past-actions">
          ${mine && place && html`<${Button} icon="pencil" href=${`/posts/new?place=${place.id}`}>${t('place.record')}<//>`}
          <${Button} kind=${mine && place ? 'secondary' : 'primary'} icon="radio" href="/live">${t('watch.others')}<//>
          ${place && html`<${Button} kind="secondary" icon="map" href=${onTheMap(place)}>${t('place.on_map')}<//>`}
          <${Button} kind="secondary" href="/">${t('notfound.home')}<//>
        </div>
      </div>
    </div>
  `;
}

/** @param {{live: import('../types.js').Live}} props */
function Facts({ live: { started_at: from, ended_at: to, peak_viewers: peak = 0 } }) {
  const when = from && new Date(from).toLocaleString(locale.value, { year: 'numeric', month: 'long', day: 'numeric', hour: 'numeric', minute: '2-digit' });
  const facts = [
    when && { name: 'when', icon: 'calendar', text: when },
    from && to && { name: 'length', icon: 'clock', text: lengthText(from, to) },
    { name: 'peak', icon: 'eye', text: peak > 0 ? t('live.peak', { n: peak }) : t('past.nobody') },
  ];
  return html`<ul class="past-facts">
    ${facts.map((fact) => fact && html`<li key=${fact.name}><${Icon} name=${fact.icon} size=${20} /><span class="sr-only">${t(`past.${fact.name}`)}: </span>${fact.text}</li>`)}
  </ul>`;
}
