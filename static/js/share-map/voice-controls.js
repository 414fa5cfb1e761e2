/** The voice button, and what it may have to explain: why a microphone, and why it does not work. */
import { html } from '../html.js';
import { t } from '../i18n.js';
import { isAvailable } from '../live/camera.js';
import { Button, IconButton } from '../ui/button.js';
import { Icon } from '../ui/icon.js';
import { Sheet } from '../ui/sheet.js';
import { Spinner } from '../ui/spinner.js';

/**
 * @typedef {import('../voice-session.js').VoiceView} VoiceView
 * @typedef {import('./voice-switch.js').VoiceSwitch} VoiceSwitch
 */

const BUSY = ['asking', 'joining', 'connecting', 'waiting'];

/** @param {{voice: VoiceSwitch}} props */
export function VoiceButton({ voice }) {
  const view = voice.view.value;
  if (view.state === 'off') {
    return html`
      <button type="button" class="voice-button" onClick=${voice.press} data-testid="voice-join">
        <${Icon} name="mic" size=${22} /><span>${t('map.voice_join')}</span>
      </button>
    `;
  }
  if (BUSY.includes(view.state)) {
    return html`
      <span class="voice-button busy" role="status" data-testid="voice-busy">
        <${Spinner} size=${20} /><span>${t(`map.voice_${view.state}`)}</span>
        <${IconButton} icon="x" label=${t('map.voice_leave')} onClick=${voice.leave} />
      </span>
    `;
  }
  return html`
    <span class="voice-button on" role="group" aria-label=${t('map.voice')} data-testid="voice-on">
      ${view.listening
        ? html`<span class="voice-listening"><${Icon} name="headphones" size=${20} />${t('map.voice_listening')}</span>`
        : html`<${IconButton} icon=${view.muted ? 'mic-off' : 'mic'} kind=${view.muted ? 'danger' : 'solid'} pressed=${view.muted}
            label=${t('map.voice_mute')} onClick=${() => voice.mute(!view.muted)} />`}
      <${IconButton} icon="chevron-up" label=${t('map.voice_settings')} onClick=${voice.settings} />
    </span>
  `;
}

/** A bar over the map when the browser holds the sound back. @param {{voice: VoiceSwitch}} props */
export function SoundBlocked({ voice }) {
  if (!voice.view.value.soundBlocked) return null;
  return html`
    <button type="button" class="map-chip strong" onClick=${voice.unblock}>
      <${Icon} name="volume-x" size=${18} />${t('map.voice_sound_blocked')}
    </button>
  `;
}

/** Why a microphone, before the browser asks. @param {{open: boolean, voice: VoiceSwitch}} props */
export function ReasonSheet({ open, voice }) {
  if (!isAvailable()) return html`<${ListenOnly} open=${open} voice=${voice} />`;
  return html`
    <${Sheet} open=${open} onClose=${voice.putAway} title=${t('map.voice_reason_title')} testId="voice-reason">
      <div class="stack">
        <p>${t('map.voice_reason_text')}</p>
        <ul class="reasons muted small">
          <li><${Icon} name="headphones" size=${18} />${t('map.voice_reason_phones')}</li>
          <li><${Icon} name="lock" size=${18} />${t('map.voice_reason_private')}</li>
        </ul>
        <div class="stack tight">
          <${Button} icon="mic" wide onClick=${voice.join}>${t('map.voice_reason_go')}<//>
          <${Button} kind="quiet" wide onClick=${voice.listen}>${t('map.voice_listen')}<//>
        </div>
      </div>
    <//>
  `;
}

/** Browsers keep the microphone from plain http:// addresses. @param {{open: boolean, voice: VoiceSwitch}} props */
function ListenOnly({ open, voice }) {
  return html`
    <${Sheet} open=${open} onClose=${voice.putAway} title=${t('map.voice_problem_insecure')} testId="voice-reason">
      <div class="stack">
        <p>${t('map.voice_problem_insecure_text')}</p>
        <${Button} icon="headphones" wide onClick=${voice.listen}>${t('map.voice_listen')}<//>
      </div>
    <//>
  `;
}

/** Devices, leaving, and what is wrong. @param {{open: boolean, voice: VoiceSwitch}} props */
export function VoiceSheet({ open, voice }) {
  const view = voice.view.value;
  const off = view.state === 'off';
  return html`
    <${Sheet} open=${open} onClose=${voice.putAway} title=${off && view.problem ? t(`map.voice_problem_${view.problem}`) : t('map.voice')} testId="voice-sheet">
      <div class="stack">
        ${view.problem && html`<p class=${off ? '' : 'muted'}>${t(`map.voice_problem_${view.problem}_text`)}</p>`}
        ${off ? html`<${Again} voice=${voice} view=${view} />` : html`<${Settings} voice=${voice} view=${view} />`}
      </div>
    <//>
  `;
}

/** @param {{voice: VoiceSwitch, view: VoiceView}} props */
function Again({ voice, view }) {
  return html`
    <div class="stack tight">
      ${view.problem !== 'insecure' && html`<${Button} icon="refresh-cw" wide onClick=${voice.join}>${t('retry')}<//>`}
      ${view.problem !== 'full' && html`<${Button} kind="secondary" icon="headphones" wide onClick=${voice.listen}>${t('map.voice_listen')}<//>`}
    </div>
  `;
}

/** @param {{voice: VoiceSwitch, view: VoiceView}} props */
function Settings({ voice, view }) {
  const { inputs, outputs } = view.devices;
  return html`
    ${inputs.length > 0 && html`<${Choice} label=${t('map.voice_input')} devices=${inputs} value=${view.input} onChoose=${voice.input} />`}
    ${outputs.length > 0 && 'setSinkId' in HTMLMediaElement.prototype && html`<${Choice} label=${t('map.voice_output')} devices=${outputs} value=${view.output} onChoose=${voice.output} />`}
    ${view.listening && view.problem !== 'none' && html`<${Button} icon="mic" wide onClick=${voice.talk}>${t('map.voice_talk')}<//>`}
    <${Button} kind="danger" icon="phone-off" wide onClick=${voice.leave}>${t('map.voice_leave')}<//>
  `;
}

/**
 * @param {{label: string, devices: import('../voice-devices.js').Device[], value: string,
 *   onChoose: (id: string) => void}} props
 */
function Choice({ label, devices, value, onChoose }) {
  const known = devices.some(({ id }) => id === value);
  return html`
    <label class="device">
      <span>${label}</span>
      <span class="device-select"><select onChange=${(/** @type {Event} */ e) => onChoose(/** @type {HTMLSelectElement} */ (e.currentTarget).value)}>
        ${!known && html`<option value="" selected>${t('map.voice_default')}</option>`}
        ${devices.map(({ id, label: name }, i) => html`<option key=${id} value=${id} selected=${id === value}>${name || t('map.voice_device', { n: i + 1 })}</option>`)}
      </select><${Icon} name="chevron-down" size=${20} /></span>
    </label>
  `;
}
