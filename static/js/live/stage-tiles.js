/** The guests of a live beside its host's picture: each one's own, one's own as a mirror, and who was asked. */
import { useEffect, useRef, useState } from 'preact/hooks';
import { html } from '../html.js';
import { t } from '../i18n.js';
import { Avatar } from '../ui/avatar.js';
import { Button, IconButton } from '../ui/button.js';
import { Icon } from '../ui/icon.js';
import { Spinner } from '../ui/spinner.js';
import { Preview } from './preview.js';

/**
 * @typedef {import('./room.js').LiveRoom} LiveRoom
 * @typedef {import('../types.js').PersonRef} PersonRef
 */

/** Before anything comes. @type {import('../media.js').Guests} */
export const nobody = () => undefined;

/**
 * @param {{room: LiveRoom, streams: import('../media.js').Guests, muted?: boolean, onStage?: boolean}} props
 *   `streams`: what comes of whom; `onStage`: one's own camera is open, for this stage
 */
export function StageTiles({ room, streams, muted = false, onStage = false }) {
  const { guests, places } = room.stage.value;
  const { id: me = '', host = false } = room.socket.you.value ?? {};
  const tiles = guests
    .map((guest) => ({ ...guest, place: places.indexOf(guest.id), mine: guest.id === me && onStage }))
    .filter(({ place, mine }) => place >= 0 || mine || host);
  if (tiles.length === 0) return null;
  return html`
    <ul class="stage-tiles" aria-label=${t('stage.title')} data-testid="stage">
      ${tiles.map(({ id, name, state, muted: silent, place, mine }) => html`
        <li key=${id} class="stage-tile" data-person=${id}>
          ${mine && html`<${Preview} />`}
          ${!mine && place >= 0 && html`<${GuestPicture} person=${{ id, name }} stream=${streams(place, id)} muted=${muted} />`}
          ${place < 0 && html`<div class="stage-waits">${!mine && html`<${Avatar} person=${{ id, name }} size=${48} />`}<${Spinner} size=${20} />
            <span>${t(state === 'invited' ? 'stage.invited' : 'stage.connecting')}</span></div>`}
          <${Name} room=${room} person=${{ id, name }} words=${id === me ? t('you') : name} silent=${silent} />
          ${host && html`<${IconButton} kind="glass" icon="x" class="stage-end" label=${t(state === 'invited' ? 'stage.cancel_for' : 'stage.end_for', { name })}
            onClick=${() => room.endStage(id)} />`}
        </li>
      `)}
    </ul>
  `;
}

/**
 * For a moderator the way to what can be done about them.
 * @param {{room: LiveRoom, person: PersonRef, words: string, silent: boolean}} props
 */
function Name({ room: { moderation }, person, words, silent }) {
  const sign = silent && html`<${Icon} name="mic-off" size=${16} /><span class="sr-only">${t('stage.muted')}</span>`;
  if (!moderation.allowed.value || moderation.isMe(person)) return html`<span class="stage-name">${sign}<span class="truncate">${words}</span></span>`;
  return html`<button type="button" class="stage-name" onClick=${() => moderation.choose({ person })}>${sign}<span class="truncate">${words}</span></button>`;
}

/** @param {{person: PersonRef, stream: MediaStream | undefined, muted: boolean}} props */
function GuestPicture({ person, stream, muted }) {
  const video = useRef(/** @type {HTMLVideoElement | null} */ (null));
  const [width, setWidth] = useState(0);
  useEffect(() => {
    const element = video.current;
    if (!element || !stream) return;
    element.srcObject = stream;
    element.muted = muted;
    void element.play().catch(() => {}); // held back until a tap, which the host's picture asks for
  }, [stream, muted]);
  const measure = () => setWidth(video.current?.videoWidth ?? 0);
  return html`
    <video ref=${video} aria-label=${t('stage.video', { name: person.name })} playsinline onResize=${measure}
      onLoadedMetadata=${measure} data-testid="guest-picture"></video>
    ${width === 0 && html`<div class="stage-waits"><${Avatar} person=${person} size=${48} /></div>`}
  `;
}

/** In the sheet of somebody's face, for the host. @param {{room: LiveRoom, person: PersonRef}} props */
export function StageChoice({ room, person }) {
  const you = room.socket.you.value;
  if (!you?.host || person.id === you.id) return null;
  const guest = room.stage.value.guests.find(({ id }) => id === person.id);
  const press = (/** @type {() => void} */ act) => () => {
    room.moderation.putAway();
    act();
  };
  if (!guest) return html`<${Button} icon="video" wide onClick=${press(() => room.invite(person))}>${t('stage.invite')}<//>`;
  const words = t(guest.state === 'invited' ? 'stage.cancel' : 'stage.end');
  return html`<${Button} kind="secondary" icon="video-off" wide onClick=${press(() => room.endStage(person.id))}>${words}<//>`;
}
