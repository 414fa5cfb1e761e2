/** Why there is no camera, and what to do about it. */
import { html } from '../html.js';
import { t } from '../i18n.js';
import { CameraArt, LockedCamera } from '../ui/art.js';
import { Button } from '../ui/button.js';
import { EmptyState } from '../ui/empty-state.js';

/**
 * @param {{problem: import('./camera.js').CameraProblem, onRetry: () => void, onAudioOnly?: () => void}} props
 */
export function CameraProblem({ problem, onRetry, onAudioOnly }) {
  const art = problem === 'insecure' || problem === 'denied' ? html`<${LockedCamera} />` : html`<${CameraArt} />`;
  return html`
    <${EmptyState} art=${art} title=${t(`camera.${problem}`)} text=${t(`camera.${problem}_text`)} testId=${`camera-${problem}`}>
      ${problem !== 'insecure' && html`<${Button} icon="refresh-cw" onClick=${onRetry}>${t('retry')}<//>`}
      ${problem === 'none' && onAudioOnly && html`<${Button} kind="secondary" icon="mic" onClick=${onAudioOnly}>${t('golive.audio_only')}<//>`}
    <//>
  `;
}
