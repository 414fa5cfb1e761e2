/** Watching a live. Anyone may; chatting takes a name. */
import { useRef, useState } from 'preact/hooks';
import { html } from '../html.js';
import { errorText, t } from '../i18n.js';
import { watch } from '../media.js';
import { ReportSheet } from '../reports/report-sheet.js';
import { navigate } from '../router.js';
import { person } from '../session.js';
import { Button, IconButton } from '../ui/button.js';
import { useWakeLock } from '../wake-lock.js';
import { Controls } from './controls.js';
import { LiveFrame, Notice } from './frame.js';
import { GuestInvite } from './guest.js';
import { Player } from './player.js';
import { ShareButton } from './share-button.js';
import { StageInvite } from './stage-invite.js';
import { StageTiles, nobody } from './stage-tiles.js';
import { useGuest } from './use-guest.js';
import { useMedia } from './use-media.js';

/** @param {{room: import('./room.js').LiveRoom}} props */
export function WatchScreen({ room }) {
  useWakeLock();
  const [muted, setMuted] = useState(false);
  const [reporting, setReporting] = useState(false);
  const live = room.live.value;
  const begun = useRef(false); // nothing is asked for before the first picture; later the session waits by itself
  begun.current ||= live.state === 'on_air';
  const out = room.shownOut.value;
  const { session, error } = useMedia(room, begun.current && !out, () => watch((via) => room.watchTicket(via)));
  const source = session?.source.value ?? null;
  const turn = useGuest(room);
  const invite = person.value ? undefined : html`<${GuestInvite} onEntered=${() => room.socket.reconnect()} />`;
  const beside = html`
    ${source &&
    html`<${IconButton} kind="glass" icon=${muted ? 'volume-x' : 'volume-2'} label=${t(muted ? 'watch.sound' : 'watch.mute')}
      onClick=${() => setMuted(!muted)} />`}
    ${person.value?.kind === 'member' && html`<${IconButton} kind="glass" icon="flag" label=${t('report.open')} onClick=${() => setReporting(true)} />`}
    <${ShareButton} live=${live} />
  `;
  return html`
    <${LiveFrame} room=${room} closeLabel=${t('watch.leave')} onClose=${() => navigate('/live')} beside=${beside} invite=${invite}
      controls=${turn.on && html`<${Controls}><${IconButton} kind="glass" icon="log-out" label=${t('stage.leave')} onClick=${turn.decline} /><//>`}
      notice=${html`<${WatchNotice} live=${live} session=${session} error=${error} />`}>
      ${!out && html`<${Player} source=${source} host=${live.host} muted=${muted} onMuted=${setMuted} />`}
      ${!out && html`<${StageTiles} room=${room} streams=${session?.guests.value ?? nobody} muted=${muted} onStage=${turn.on} />`}
      <${StageInvite} open=${turn.asked} host=${live.host.name} again=${turn.guest?.state === 'accepted'}
        onAccept=${turn.accept} onDecline=${turn.decline} />
      <${ReportSheet} about=${{ live_id: live.id }} open=${reporting} onClose=${() => setReporting(false)} />
    <//>
  `;
}

/**
 * @param {{live: import('../types.js').Live, session: import('../media.js').WatchSession | null, error: unknown}} props
 */
function WatchNotice({ live, session, error }) {
  const host = live.host.name;
  const state = session?.state.value ?? 'connecting';
  const problem = session?.error.value ?? error;
  if (state === 'stopped' && problem) {
    return html`<${Notice} title=${t('watch.failed')} text=${errorText(problem)}>
      <${Button} icon="refresh-cw" onClick=${() => window.location.reload()}>${t('retry')}<//>
    <//>`;
  }
  if (live.state === 'waiting') return html`<${Notice} busy title=${t('watch.waiting')} text=${t('watch.waiting_text', { host })} />`;
  if (live.state === 'interrupted') return html`<${Notice} busy title=${t('watch.interrupted')} text=${t('watch.interrupted_text', { host })} />`;
  if (state === 'live') return null;
  const first = !session?.source.value && !error;
  return html`<${Notice} busy title=${t(first ? 'watch.connecting' : 'watch.retrying')} />`;
}
