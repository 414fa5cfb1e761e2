/** The host's own picture (mirrored like a mirror when it is the front camera), or a sign that there is only sound. */
import { useEffect, useRef } from 'preact/hooks';
import { html } from '../html.js';
import { t } from '../i18n.js';
import { Icon } from '../ui/icon.js';
import { studio } from './studio.js';

export function Preview() {
  const video = useRef(/** @type {HTMLVideoElement | null} */ (null));
  const stream = studio.stream.value;
  const track = stream?.getVideoTracks()[0];
  useEffect(() => {
    if (video.current) video.current.srcObject = stream;
  }, [stream]);
  if (!track) return html`<div class="sound-only"><${Icon} name="mic" size=${40} /><p>${t('golive.audio_only_on')}</p></div>`;
  const mirrored = (track.getSettings().facingMode ?? 'user') === 'user';
  const hidden = studio.shut.value.hidden;
  return html`
    <video ref=${video} class=${`preview${mirrored ? ' mirrored' : ''}`} aria-label=${t('golive.preview')}
      autoplay muted playsinline data-testid="preview"></video>
    ${hidden && html`<div class="sound-only"><${Icon} name="video-off" size=${40} /><p>${t('host.camera_off_note')}</p></div>`}
  `;
}
