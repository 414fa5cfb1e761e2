/** Asked onto the stage: why a camera, a look at oneself, and only then yes. Closing it is a no. */
import { html } from '../html.js';
import { t } from '../i18n.js';
import { Button } from '../ui/button.js';
import { Sheet } from '../ui/sheet.js';
import { Loading } from '../ui/spinner.js';
import { isAvailable } from './camera.js';
import { Devices } from './devices.js';
import { Preview } from './preview.js';
import { CameraProblem } from './problem.js';
import { studio } from './studio.js';

/** @param {{open: boolean, host: string, again: boolean, onAccept: () => void, onDecline: () => void}} props  again: they had said yes before */
export function StageInvite({ open, host, again, onAccept, onDecline }) {
  return html`
    <${Sheet} open=${open} onClose=${onDecline} title=${t(again ? 'stage.back_title' : 'stage.invite_title', { host })} testId="stage-invite">
      <div class="stack">
        <${Look} />
        ${studio.stream.value && html`<${Button} icon="video" wide onClick=${onAccept}>${t('stage.accept')}<//>`}
        <${Button} kind="quiet" wide onClick=${onDecline}>${t(again ? 'stage.leave' : 'stage.decline')}<//>
      </div>
    <//>
  `;
}

/** The picture, or what stands between us and it. */
function Look() {
  const problem = isAvailable() ? studio.problem.value : 'insecure';
  if (problem) return html`<${CameraProblem} problem=${problem} onRetry=${() => look()} onAudioOnly=${() => look(false)} />`;
  if (studio.stream.value) {
    return html`<div class="golive-stage stage-look on-dark"><${Preview} /></div><p class="muted small">${t('stage.look_text')}</p><${Devices} />`;
  }
  if (studio.opening.value) return html`<div class="golive-stage stage-look on-dark"><${Loading} /></div>`;
  return html`
    <p>${t('stage.why')}</p>
    <div class="stack tight">
      <${Button} icon="camera" wide onClick=${() => look()}>${t('stage.look')}<//>
      <${Button} kind="secondary" icon="mic" wide onClick=${() => look(false)}>${t('stage.sound_only')}<//>
    </div>
  `;
}

/** A guest's picture is a small one. */
function look(video = true) {
  void studio.open({ video, small: true });
}
