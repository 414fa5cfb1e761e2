/** The host's side of a live: publishes, survives a reload and a lost connection, ends it. */
import { useEffect, useState } from 'preact/hooks';
import { loadConfig } from '../config.js';
import { html } from '../html.js';
import { errorText, t } from '../i18n.js';
import { publish, watch } from '../media.js';
import { Button } from '../ui/button.js';
import { ask } from '../ui/dialog.js';
import { toast } from '../ui/toast.js';
import { useWakeLock } from '../wake-lock.js';
import { Claim } from './claim.js';
import { Controls } from './controls.js';
import { LiveFrame, Notice } from './frame.js';
import { Preview } from './preview.js';
import { CameraProblem } from './problem.js';
import { ShareButton } from './share-button.js';
import { StageTiles, nobody } from './stage-tiles.js';
import { studio } from './studio.js';
import { useMedia } from './use-media.js';
import { useShut } from './use-shut.js';

/** @param {{room: import('./room.js').LiveRoom}} props */
export function HostScreen({ room }) {
  useWakeLock();
  const { id } = room.live.value;
  const [onAir, setOnAir] = useState(() => studio.recall(id));
  const stream = studio.stream.value;
  useEffect(() => {
    if (onAir && !studio.stream.value) void studio.open();
    return () => {
      studio.close();
      studio.forget(); // a reload never comes here; who walks away and returns is asked
    };
  }, []);

  const { session, error } = useMedia(room, onAir && Boolean(stream), () => send(room));
  useEffect(() => {
    for (const track of stream?.getTracks() ?? []) void session?.replace(track);
  }, [stream, session]);
  useShut(session);
  useClaim(id, session);
  // Guests come by a connection like any viewer's, for as long as there are some: what is sent stays one
  // offer and one answer, whoever comes and goes.
  const staged = onAir && room.stage.value.places.some(Boolean);
  const { session: stage } = useMedia(room, staged, () => watch(() => room.watchTicket('webrtc')));
  useEffect(() => room.socket.on('layers', ({ rids }) => session?.sendLayers(rids)), [room, session]);

  const resume = async () => {
    studio.remember(id);
    setOnAir(true);
    await studio.open();
  };
  return html`
    <${LiveFrame} room=${room} closeLabel=${t('host.end')} onClose=${() => end(room)} controls=${stream && html`<${Controls} />`}
      beside=${html`<${ShareButton} live=${room.live.value} />`}
      notice=${html`<${HostNotice} onAir=${onAir} session=${session} error=${error} onResume=${resume} />`}>
      ${stream && html`<${Preview} />`}
      <${StageTiles} room=${room} streams=${stage?.guests.value ?? nobody} />
    <//>
  `;
}

/** @param {import('./room.js').LiveRoom} room */
async function send(room) {
  const { media } = await loadConfig();
  const stream = /** @type {MediaStream} */ (studio.stream.value);
  return publish(stream, () => room.publishTicket(), { simulcast: media.simulcast, isOnAir: () => room.isOnAir() });
}

/**
 * Two tabs do not take the live from each other: the one that went on air last has it.
 *
 * @param {string} id
 * @param {import('../media.js').MediaSession | null} session
 */
function useClaim(id, session) {
  const [claim, setClaim] = useState(/** @type {Claim | null} */ (null));
  useEffect(() => {
    if (!session) return undefined;
    const made = new Claim(id, () => session.giveWay());
    setClaim(made);
    return () => made.close();
  }, [id, session]);
  const onAir = session?.state.value === 'live';
  useEffect(() => {
    if (onAir) claim?.stake();
  }, [claim, onAir]);
}

/** @param {import('./room.js').LiveRoom} room */
async function end(room) {
  const n = room.live.value.viewers;
  const text = n > 0 ? t('host.end_text', { n }) : t('host.end_text_nobody');
  if (!(await ask({ title: t('host.end_title'), text, yes: t('host.end'), no: t('host.keep'), danger: true }))) return;
  await room.end().catch((error) => toast(errorText(error), { kind: 'error' }));
}

/**
 * @param {{onAir: boolean, session: import('../media.js').MediaSession | null, error: unknown, onResume: () => void}} props
 */
function HostNotice({ onAir, session, error, onResume }) {
  if (!onAir) {
    return html`<${Notice} title=${t('host.resume_title')} text=${t('host.resume_text')}>
      <${Button} icon="radio" onClick=${onResume}>${t('host.resume')}<//>
    <//>`;
  }
  if (studio.problem.value) {
    return html`<div class="notice-card">
      <${CameraProblem} problem=${studio.problem.value} onRetry=${() => studio.open()} onAudioOnly=${() => studio.open({ video: false })} />
    </div>`;
  }
  const problem = session?.error.value ?? error;
  switch (session?.state.value) {
    case 'live':
      return studio.shut.value.muted ? html`<p class="live-note">${t('host.muted_note')}</p>` : null;
    case 'stopped':
      if (session.error.value?.code === 'media.replaced') return html`<${Replaced} session=${session} />`;
      return problem && html`<${Notice} title=${t('host.stopped')} text=${errorText(problem)} />`;
    case 'retrying':
      return html`<${Notice} busy title=${t('host.retrying')} text=${sayable(problem)} />`;
    default:
      return html`<${Notice} busy title=${t(problem ? 'host.retrying' : 'host.connecting')} text=${sayable(problem)} />`;
  }
}

/** @param {{session: import('../media.js').MediaSession}} props */
function Replaced({ session }) {
  return html`<${Notice} title=${t('host.replaced')} text=${t('host.replaced_text')}>
    <${Button} icon="radio" onClick=${() => session.resume()}>${t('host.resume')}<//>
  <//>`;
}

/** Only what the host can do something about. @param {unknown} problem */
function sayable(problem) {
  const code = /** @type {{code?: string} | null} */ (problem)?.code ?? '';
  return code === 'network' || code === 'media.already_published' ? errorText(problem) : undefined;
}
