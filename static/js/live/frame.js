/** What host and viewer screens share: the picture, host and title on top, the chat over or beside it. */
import { useEffect } from 'preact/hooks';
import { html } from '../html.js';
import { errorText, locale, t } from '../i18n.js';
import { ModerationSheets } from '../moderation/sheets.js';
import { loginPath } from '../session.js';
import { Avatar } from '../ui/avatar.js';
import { Button, IconButton } from '../ui/button.js';
import { Chat } from '../ui/chat.js';
import { ConnectionBanner } from '../ui/connection-banner.js';
import { Icon } from '../ui/icon.js';
import { Spinner } from '../ui/spinner.js';
import { useTitle } from '../ui/title.js';
import { warm } from '../warm.js';
import { wide } from '../wide.js';
import { LiveBadge, Viewers } from './card.js';
import { StageChoice } from './stage-tiles.js';

/** What may have to be said when nothing can be fetched any more. */
const TROUBLE = ['watch.interrupted', 'watch.interrupted_text', 'watch.retrying', 'host.retrying', 'live.interrupted_badge'];

/**
 * @param {{room: import('./room.js').LiveRoom, closeLabel: string, onClose: () => void, notice?: unknown,
 *   controls?: unknown, beside?: unknown, invite?: unknown, children?: unknown}} props
 *   `controls` float over the picture, `beside` stands next to the chat input, `invite` in its place
 */
export function LiveFrame({ room, closeLabel, onClose, notice, controls, beside, invite, children }) {
  const live = room.live.value;
  const { moderation } = room;
  const refusal = room.socket.refusal.value;
  useTitle(live.title);
  useEffect(() => warm(TROUBLE.map((key) => t(key)), []), [locale.value]);
  return html`
    <div class="live" data-testid="live" data-state=${live.state}>
      <div class="live-screen on-dark">
        ${children}
        <div class="live-shade" aria-hidden="true"></div>
        <header class="live-top">
          <div class="live-host">
            <${Avatar} person=${live.host} size=${40} />
            <div class="live-words"><b class="truncate">${live.host.name}</b><h1 class="truncate">${live.title}</h1></div>
          </div>
          <div class="live-status">
            <${LiveBadge} state=${live.state} /><${Viewers} n=${live.viewers} onPress=${moderation.allowed.value ? moderation.showPeople : undefined} />
            <${IconButton} kind="glass" icon="x" label=${closeLabel} onClick=${onClose} />
          </div>
          ${live.place && html`<p class="live-place"><${Icon} name="map-pin" size=${16} />${live.place.name}</p>`}
          ${live.recorded && html`<p class="live-place"><${Icon} name="video" size=${16} />${t('live.recorded')}</p>`}
        </header>
        <div class="live-notice" role="status">${refusal ? html`<${Refused} why=${refusal} onRetry=${() => room.socket.reconnect()} />` : notice}</div>
        ${controls && html`<div class="live-controls">${controls}</div>`}
      </div>
      <${Chat} socket=${room.socket} overlay=${!wide.value} invite=${invite} onLine=${moderation.onLine.value}>${beside}<//>
      <${ModerationSheets} moderation=${moderation} talks=${(/** @type {string} */ id) => room.isHeard(id)}
        actions=${(/** @type {import('../types.js').PersonRef} */ who) => html`<${StageChoice} room=${room} person=${who} />`} />
      <${ConnectionBanner} socket=${room.socket} />
    </div>
  `;
}

/** The room did not let us in; without it there is neither chat nor news. @param {{why: {code: string, message: string}, onRetry: () => void}} props */
function Refused({ why, onRetry }) {
  switch (why.code) {
    case 'room.removed':
      return html`<${Notice} title=${t('mod.out_removed')} text=${t('mod.out_removed_text')}><${Button} icon="log-in" onClick=${onRetry}>${t('mod.back_in')}<//><//>`;
    case 'room.banned':
      return html`<${Notice} title=${t('mod.out_banned')} text=${t('mod.out_banned_text')}><${Button} href="/live">${t('watch.others')}<//><//>`;
    case 'room.network_banned':
      return html`<${Notice} title=${t('mod.out_network_banned')} text=${t('mod.out_network_banned_text')}><${Button} icon="log-in" href=${loginPath()}>${t('nav.login')}<//><//>`;
    default:
      return html`<${Notice} title=${errorText(why)}><${Button} icon="refresh-cw" onClick=${onRetry}>${t('retry')}<//><//>`;
  }
}

/** A word over the picture on what is going on. @param {{busy?: boolean, title: string, text?: string, children?: unknown}} props */
export function Notice({ busy = false, title, text, children }) {
  return html`
    <div class="notice">
      ${busy && html`<${Spinner} size=${28} />`}
      <b>${title}</b>
      ${text && html`<p>${text}</p>`}
      ${children}
    </div>
  `;
}
