/** The round buttons over the map: voice, naming a spot, zoom. */
import { html } from '../html.js';
import { t } from '../i18n.js';
import { Icon } from '../ui/icon.js';
import { VoiceButton } from './voice-controls.js';

/**
 * @param {{room: import('./room.js').MapRoom, ui: import('./room-ui.js').RoomUi,
 *   voice: import('./voice-switch.js').VoiceSwitch,
 *   stage: import('./stage.js').Stage | null}} props
 */
export function MapTools({ room, ui, voice, stage }) {
  const { open, full } = room.ballot.value;
  const naming = ui.nominating.value;
  const name = () => {
    if (naming) ui.dropNothing();
    else {
      ui.choose('');
      ui.snap.value = 'low';
      ui.nominating.value = true;
    }
  };
  const zoom = (/** @type {number} */ step) => () => {
    ui.following.value = '';
    stage?.canvas.map.setZoom(stage.canvas.map.getZoom() + step);
  };
  return html`
    <div class="map-tools">
      <div class="map-tools-left">
        ${open && !ui.draft.value && html`
          <button type="button" class="tool-button" aria-pressed=${naming} disabled=${full} onClick=${name} data-testid="nominate-mode">
            <${Icon} name="map-pin-plus" size=${22} /><span>${t('map.nominate_here')}</span>
          </button>
        `}
        <div class="zoom-buttons">
          <button type="button" aria-label=${t('map.zoom_in')} onClick=${zoom(1)}><${Icon} name="plus" size=${20} /></button>
          <button type="button" aria-label=${t('map.zoom_out')} onClick=${zoom(-1)}><${Icon} name="minus" size=${20} /></button>
        </div>
      </div>
      <${VoiceButton} voice=${voice} />
    </div>
  `;
}
