/** Which camera, which microphone. */
import { html } from '../html.js';
import { t } from '../i18n.js';
import { Level } from './level.js';
import { studio } from './studio.js';

export function Devices() {
  const { cameras, microphones } = studio.devices.value;
  const stream = studio.stream.value;
  const used = (/** @type {'audio' | 'video'} */ of) =>
    stream?.getTracks().find(({ kind }) => kind === of)?.getSettings().deviceId;
  return html`
    <details class="devices">
      <summary>${t('golive.devices')}</summary>
      ${studio.wanted.value.video &&
      html`<${Choice} label=${t('golive.camera')} devices=${cameras} unnamed="golive.camera_n" used=${used('video')}
        onChoose=${(/** @type {string} */ camera) => studio.open({ camera })} />`}
      <${Choice} label=${t('golive.microphone')} devices=${microphones} unnamed="golive.microphone_n" used=${used('audio')}
        onChoose=${(/** @type {string} */ microphone) => studio.open({ microphone })} />
      ${stream && html`<${Level} stream=${stream} />`}
    </details>
  `;
}

/** @param {{label: string, devices: MediaDeviceInfo[], unnamed: string, used?: string, onChoose: (id: string) => void}} props */
function Choice({ label, devices, unnamed, used, onChoose }) {
  return html`
    <label class="device">
      <span>${label}</span>
      <select onChange=${(/** @type {Event} */ e) => onChoose(/** @type {HTMLSelectElement} */ (e.currentTarget).value)}>
        ${devices.map(
          ({ deviceId, label: name }, i) => html`
            <option key=${deviceId} value=${deviceId} selected=${deviceId === used}>${name || t(unnamed, { n: i + 1 })}</option>
          `,
        )}
      </select>
    </label>
  `;
}
