/** What one does with one's own camera and microphone while others see and hear them. */
import { html } from '../html.js';
import { t } from '../i18n.js';
import { IconButton } from '../ui/button.js';
import { studio } from './studio.js';

/** @param {{children?: unknown}} props */
export function Controls({ children }) {
  const { muted, hidden } = studio.shut.value;
  const video = studio.wanted.value.video;
  const several = video && studio.devices.value.cameras.length > 1;
  return html`
    ${several && html`<${IconButton} kind="glass" icon="switch-camera" label=${t('golive.flip')} onClick=${() => studio.flip()} />`}
    ${video &&
    html`<${IconButton} kind="glass" icon=${hidden ? 'video-off' : 'video'} label=${t(hidden ? 'host.show' : 'host.hide')}
      class=${hidden ? 'off' : ''} onClick=${() => studio.shutOff({ hidden: !hidden })} />`}
    <${IconButton} kind="glass" icon=${muted ? 'mic-off' : 'mic'} label=${t(muted ? 'host.unmute' : 'host.mute')}
      class=${muted ? 'off' : ''} onClick=${() => studio.shutOff({ muted: !muted })} />
    ${children}
  `;
}
