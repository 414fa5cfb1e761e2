/** Lives as cards and as a row of ringed faces. */
import { lengthOf, mealDay } from '../finding/words.js';
import { html } from '../html.js';
import { locale, t } from '../i18n.js';
import { Avatar, colourOf } from '../ui/avatar.js';
import { Icon } from '../ui/icon.js';

/** @typedef {import('../types.js').Live} Live */

/** How often lists of lives are asked for anew. */
export const LIVES_EVERY = 8000; // ms

/** @param {any} body @returns {Live[]} */
export const takeLives = (body) => body.lives;

/** On air, or not quite. @param {{state: import('../types.js').LiveState}} props */
export function LiveBadge({ state }) {
  if (state === 'on_air') return html`<span class="live-badge">${t('live.badge')}</span>`;
  if (state === 'ended') return html`<span class="live-badge soon">${t('live.over_badge')}</span>`;
  return html`<span class="live-badge soon">${t(state === 'interrupted' ? 'live.interrupted_badge' : 'live.waiting_badge')}</span>`;
}

/** How many watch; a moderator presses to see who. @param {{n: number, onPress?: () => void}} props */
export function Viewers({ n, onPress }) {
  if (onPress) {
    return html`
      <button type="button" class="viewers pressable" aria-label=${t('live.viewers', { n })} aria-haspopup="dialog" onClick=${onPress} data-testid="viewers">
        <${Icon} name="eye" size=${16} /><span aria-hidden="true">${n}</span>
      </button>
    `;
  }
  return html`
    <span class="viewers" role="img" aria-label=${t('live.viewers', { n })} data-testid="viewers">
      <${Icon} name="eye" size=${16} /><span aria-hidden="true">${n}</span>
    </span>
  `;
}

/** The most that watched at once. @param {{n: number}} props */
export function PeakViewers({ n }) {
  return html`
    <span class="viewers" role="img" aria-label=${t('live.peak', { n })} title=${t('live.peak', { n })}>
      <${Icon} name="eye" size=${16} /><span aria-hidden="true">${n}</span>
    </span>
  `;
}

/** On air or over. @param {{live: Live}} props */
export function LiveCard({ live }) {
  const { id, host, title, place, state, viewers } = live;
  const over = state === 'ended';
  const when = whenOf(live);
  return html`
    <a class=${`live-card${over ? ' over' : ''}`} href=${`/live/${id}`} aria-label=${t(over ? 'live.look_back' : 'live.open', { host: host.name, title })}>
      <span class="live-card-face" style=${{ '--colour': colourOf(host.id) }}>
        <${Avatar} person=${host} size=${72} ring=${state === 'on_air' ? 'live' : 'none'} />
        <${Snapshot} live=${live} />
        <span class="live-card-top"><${LiveBadge} state=${state} />${over ? html`<${PeakViewers} n=${live.peak_viewers ?? 0} />` : html`<${Viewers} n=${viewers} />`}</span>
      </span>
      <span class="live-card-words">
        <b>${title}</b>
        <span class="muted small">${host.name}${when && ` · ${when}`}</span>
        ${place && html`<span class="muted small live-card-place"><${Icon} name="map-pin" size=${16} />${place.name}</span>`}
      </span>
    </a>
  `;
}

/** Since when it is on, or on which day it was and how long. @param {Live} live */
export function whenOf({ state, started_at: from, ended_at: to }) {
  if (!from) return '';
  if (state !== 'ended') return t('live.since', { time: new Date(from).toLocaleTimeString(locale.value, { hour: 'numeric', minute: '2-digit' }) });
  const day = mealDay({ eaten_on: null, created_at: from }, locale.value, Date.now());
  return to ? `${day} · ${lengthText(from, to)}` : day;
}

/** @param {number} from ms @param {number} to ms */
export function lengthText(from, to) {
  const { hours, minutes } = lengthOf(from, to);
  return hours > 0 ? t('live.hours', { hours, minutes }) : t('live.minutes', { n: minutes });
}

/** What it shows, some seconds old; without one there is nothing, and the host below is seen. @param {{live: Live}} props */
export function Snapshot({ live: { snapshot } }) {
  return snapshot && html`<img key=${snapshot} src=${snapshot} alt="" loading="lazy" onError=${hide} data-testid="snapshot" />`;
}

/** @param {Event} event */
function hide(event) {
  /** @type {HTMLElement} */ (event.currentTarget).hidden = true;
}

/** Who is on air, as in a story bar. @param {{lives: Live[]}} props */
export function LiveFaces({ lives }) {
  return html`
    <ul class="faces">
      ${lives.map(
        ({ id, host, title }) => html`
          <li key=${id}>
            <a href=${`/live/${id}`} aria-label=${t('live.open', { host: host.name, title })}>
              <${Avatar} person=${host} size=${60} ring="live" /><span class="truncate" aria-hidden="true">${host.name}</span>
            </a>
          </li>
        `,
      )}
    </ul>
  `;
}
