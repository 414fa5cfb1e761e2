/** Before going live: see oneself, choose devices, give it a title, and only then be seen. */
import { useEffect, useRef, useState } from 'preact/hooks';
import { api } from '../api.js';
import { useForm } from '../auth/form.js';
import { Problem } from '../auth/frame.js';
import { config, loadConfig } from '../config.js';
import { html } from '../html.js';
import { t } from '../i18n.js';
import { isAvailable, isGranted } from '../live/camera.js';
import { Devices } from '../live/devices.js';
import { PlacePicker } from '../live/place-picker.js';
import { Preview } from '../live/preview.js';
import { CameraProblem } from '../live/problem.js';
import { studio } from '../live/studio.js';
import { navigate } from '../router.js';
import { person, requirePerson } from '../session.js';
import { CameraArt } from '../ui/art.js';
import { Button, IconButton } from '../ui/button.js';
import { EmptyState } from '../ui/empty-state.js';
import { Field } from '../ui/field.js';
import { Page } from '../ui/page.js';
import { Loading } from '../ui/spinner.js';
import { Switch } from '../ui/switch.js';

export default function LiveNew() {
  const member = person.value?.kind === 'member';
  const onAir = useRef(false);
  useEffect(() => {
    if (!requirePerson()) return undefined;
    void isGranted().then((granted) => granted && !studio.stream.value && studio.open({ video: true }));
    return () => {
      if (!onAir.current) studio.close();
    };
  }, []);
  const wasOpen = useRef(false); // once the form is there it stays, with what was typed into it
  if (studio.stream.value) wasOpen.current = true;
  if (!member) return null;
  return html`
    <${Page} name="live-new" title=${t('golive.title')}>
      <div class="golive">
        <${Stage} />
        ${wasOpen.current && html`<${Details} onStart=${() => (onAir.current = true)} />`}
      </div>
    <//>
  `;
}

/** The picture, or what stands between us and it. */
function Stage() {
  const soundOnly = () => void studio.open({ video: false });
  const problem = isAvailable() ? studio.problem.value : 'insecure';
  if (problem) return html`<${CameraProblem} problem=${problem} onRetry=${() => studio.open()} onAudioOnly=${soundOnly} />`;
  if (studio.stream.value) {
    const several = studio.devices.value.cameras.length > 1 && studio.wanted.value.video;
    return html`
      <div class=${`golive-stage on-dark${studio.wanted.value.video ? '' : ' sound'}`}>
        <${Preview} />
        ${several &&
        html`<div class="golive-flip">
          <${IconButton} kind="glass" icon="switch-camera" label=${t('golive.flip')} onClick=${() => studio.flip()} />
        </div>`}
      </div>
    `;
  }
  if (studio.opening.value) return html`<div class="golive-stage on-dark"><${Loading} /></div>`;
  return html`
    <${EmptyState} art=${html`<${CameraArt} />`} title=${t('golive.why_title')} text=${t('golive.why_text')}>
      <${Button} icon="camera" onClick=${() => studio.open({ video: true })}>${t('golive.allow')}<//>
      <${Button} kind="quiet" icon="mic" onClick=${soundOnly}>${t('golive.audio_only')}<//>
    <//>
  `;
}

/** @param {{onStart: () => void}} props */
function Details({ onStart }) {
  const { values, errors, problem, busy, set, submit } = useForm({ title: '' });
  const [place, setPlace] = useState(/** @type {import('../types.js').Place | null} */ (null));
  const [record, setRecord] = useState(false);
  useEffect(() => void loadConfig().catch(() => {}), []);
  const send = submit(async ({ title }) => {
    const { live } = await api.post('/api/lives', { title, place_id: place?.id ?? null, record });
    studio.remember(live.id);
    onStart();
    navigate(`/live/${live.id}`, { replace: true });
  });
  return html`
    <form class="golive-form" onSubmit=${send} novalidate>
      <${Field} label=${t('golive.name')} name="title" value=${values.title} onValue=${set('title')} error=${errors.title}
        placeholder=${t('golive.name_placeholder')} maxlength="60" autocomplete="off" />
      <${PlacePicker} place=${place} onPlace=${setPlace} />
      <${Devices} />
      ${config.value?.recordings && html`<${Switch} label=${t('golive.record')} text=${t('golive.record_text')} on=${record} onSwitch=${setRecord} />`}
      <${Problem} text=${problem} />
      <${Button} type="submit" wide icon="radio" busy=${busy} disabled=${!studio.stream.value}>${t('golive.start')}<//>
    </form>
  `;
}
