/** Over the map: where we are, who is here, the link, and the host's menu. */
import { html } from '../html.js';
import { t } from '../i18n.js';
import { Button, IconButton } from '../ui/button.js';

/**
 * @param {{room: import('./room.js').MapRoom, ui: import('./room-ui.js').RoomUi, title: string,
 *   people?: unknown}} props  title: until the room itself says it
 */
export function RoomTop({ room, ui, title, people }) {
  return html`
    <header class="room-top">
      <div class="room-bar">
        <${IconButton} icon="arrow-left" label=${t('map.leave')} href="/vote" />
        <h1 class="truncate" data-testid="room-title">${room.title.value || title}</h1>
        <${Button} class="compact" icon="user-plus" onClick=${() => (ui.sheet.value = 'share')}>${t('map.invite')}<//>
        ${room.you.value?.moderator && html`<${IconButton} icon="ellipsis-vertical" label=${t('map.host_menu')} onClick=${() => (ui.sheet.value = 'host')} />`}
      </div>
      ${people}
    </header>
  `;
}
