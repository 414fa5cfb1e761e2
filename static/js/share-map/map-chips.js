/** Short words over the map: whom we follow, what a tap does now, that there are no tiles. */
import { useState } from 'preact/hooks';
import { html } from '../html.js';
import { t } from '../i18n.js';
import { Icon } from '../ui/icon.js';
import { SoundBlocked } from './voice-controls.js';

/**
 * @typedef {import('./room-ui.js').RoomUi} RoomUi
 * @typedef {{room: import('./room.js').MapRoom, ui: RoomUi, voice: import('./voice-switch.js').VoiceSwitch}} Props
 */

/** @param {Props} props */
export function MapChips({ room, ui, voice }) {
  const followed = ui.following.value;
  return html`
    <div class="map-chips">
      <${SoundBlocked} voice=${voice} />
      ${followed && html`
        <button type="button" class="map-chip following" style=${{ '--colour': room.colourOf(followed) }} onClick=${() => (ui.following.value = '')} data-testid="following">
          <span class="truncate">${t('map.following', { name: room.state.value.names[followed] ?? '' })}</span><b>${t('map.follow_stop')}</b>
        </button>
      `}
      ${ui.nominating.value && html`
        <div class="map-chip" role="status">
          <${Icon} name="map-pin-plus" size=${18} /><span>${ui.draft.value ? t('map.nominate_move') : t('map.nominate_tap')}</span>
          <button type="button" class="map-chip-end" onClick=${() => ui.dropNothing()}>${t('cancel')}</button>
        </div>
      `}
    </div>
  `;
}

/** A server without tiles says so, and how to give it some. @param {{tiles: import('../types.js').Config['tiles']}} props */
export function TilesNote({ tiles }) {
  const [open, setOpen] = useState(false);
  if (tiles.kind !== 'none') return null;
  return html`
    <div class="tiles-note">
      <button type="button" aria-expanded=${open} onClick=${() => setOpen(!open)}><${Icon} name="info" size=${14} />${t('map.no_tiles')}</button>
      ${open && html`<p>${t('map.no_tiles_text')}</p>`}
    </div>
  `;
}
