/** The room itself: map, people, panel, cards and sheets around one socket. */
import { useSignalEffect } from '@preact/signals';
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { html } from '../html.js';
import { locale } from '../i18n.js';
import { Moderation } from '../moderation/moderation.js';
import { ModerationSheets } from '../moderation/sheets.js';
import { RoomSocket } from '../socket.js';
import { Palette } from '../ui/avatar.js';
import { ConnectionBanner } from '../ui/connection-banner.js';
import { useTitle } from '../ui/title.js';
import { ChatFeed } from './chat-feed.js';
import { DraftCard } from './draft-card.js';
import { MapChips, TilesNote } from './map-chips.js';
import { MapTools } from './map-tools.js';
import { Panel } from './panel.js';
import { FollowChoice, PeopleStrip } from './people-strip.js';
import { PlaceCard } from './place-card.js';
import { load, save, withVisit } from './recents.js';
import { ResultSheet } from './result-sheet.js';
import { RoomActions } from './room-actions.js';
import { HostSheet, ShareSheet } from './room-sheets.js';
import { RoomTop } from './room-top.js';
import { RoomUi } from './room-ui.js';
import { MapRoom } from './room.js';
import { Stage } from './stage.js';
import { useLives, useWide } from './use-room.js';
import { ReasonSheet, VoiceSheet } from './voice-controls.js';
import { VoiceSwitch } from './voice-switch.js';

/**
 * @typedef {import('../types.js').ShareMap} ShareMap
 * @typedef {import('../types.js').Config} Config
 * @typedef {{shareMap: ShareMap, config: Config, fresh: boolean,
 *   onRefused: (why: {code: string, message: string}) => void}} Props
 *   fresh: just created, so the link is what is wanted next
 */

/** From the tools to the panel below them, and half a face. */
const FOOT = 44;

/** Everything a room needs, made together and closed together. @param {Props} props */
function open({ shareMap, config, fresh }) {
  const socket = new RoomSocket(`map/${shareMap.id}`);
  const glide = !matchMedia('(prefers-reduced-motion: reduce)').matches;
  const room = new MapRoom(socket, { nomineesMax: config.nominees_max, glide });
  const ui = new RoomUi(shareMap.id);
  if (fresh) ui.sheet.value = 'share';
  const feed = new ChatFeed(room);
  const voice = new VoiceSwitch(socket, ui, config.media);
  const actions = new RoomActions(room, ui, shareMap.id);
  const moderation = new Moderation(socket);
  return { socket, room, ui, feed, voice, actions, moderation };
}

/** @param {Props} props */
export function RoomView(props) {
  const { shareMap, config, onRefused } = props;
  const [parts] = useState(() => open(props));
  const { socket, room, ui, feed, voice, actions, moderation } = parts;
  const wide = useWide();
  useTitle(shareMap.title);
  useEffect(() => {
    socket.connect();
    return () => {
      voice.close();
      actions.close();
      feed.close();
      room.close();
    };
  }, []);
  useSignalEffect(() => {
    if (socket.refusal.value) onRefused(socket.refusal.value);
  });
  useSignalEffect(() => {
    const title = room.title.value;
    if (room.phase.value === 'in') save(localStorage, withVisit(load(localStorage), { id: shareMap.id, title, visited: Date.now() }));
  });
  useLives(ui);
  const result = useResult(room, ui);

  const people = html`<${PeopleStrip} room=${room} ui=${ui} moderation=${moderation} />`;
  const putAway = () => (ui.sheet.value = '');
  const page = html`
    <div class=${`room${wide ? ' wide' : ''}`} data-phase=${room.phase.value} data-testid="room">
      <${Field} parts=${parts} config=${config} title=${shareMap.title} wide=${wide} people=${wide ? null : people} />
      <${Panel} room=${room} ui=${ui} actions=${actions} feed=${feed} moderation=${moderation} wide=${wide} people=${people} />
      <${ConnectionBanner} socket=${socket} />
      <${ShareSheet} open=${ui.sheet.value === 'share'} onClose=${putAway} shareMap=${shareMap} />
      <${HostSheet} open=${ui.sheet.value === 'host'} onClose=${putAway} shareMap=${shareMap} actions=${actions}
        ballotOpen=${room.you.value?.host && room.ballot.value.open && room.ballot.value.cards.length > 0}
        onShare=${() => (ui.sheet.value = 'share')} moderation=${moderation} />
      <${ModerationSheets} moderation=${moderation} talks=${config.media.mute ? actions.talks : undefined}
        actions=${(/** @type {import('../types.js').PersonRef} */ person) => html`<${FollowChoice} person=${person} room=${room} ui=${ui} moderation=${moderation} />`} />
      <${ReasonSheet} open=${ui.sheet.value === 'reason'} voice=${voice} />
      <${VoiceSheet} open=${ui.sheet.value === 'voice'} voice=${voice} />
      <${ResultSheet} ballot=${room.ballot.value} open=${result.open} onClose=${result.close} onNewBallot=${actions.newBallot}
        onShow=${(/** @type {import('./ballot-model.js').Card} */ card) => {
          result.close();
          actions.showNominee(card);
        }} />
    </div>
  `;
  return html`<${Palette.Provider} value=${room.colourOf}>${page}<//>`;
}

/**
 * The map and what floats over it.
 * @param {{parts: ReturnType<typeof open>, config: Config, title: string, wide: boolean,
 *   people: unknown}} props
 */
function Field({ parts, config, title, wide, people }) {
  const { room, ui, voice, actions } = parts;
  const element = useRef(/** @type {HTMLDivElement | null} */ (null));
  const [stage, setStage] = useState(/** @type {Stage | null} */ (null));
  useLayoutEffect(() => {
    if (!element.current) return undefined;
    const made = new Stage(element.current, { room, ui, config, lang: locale.peek() });
    actions.stage = made;
    setStage(made);
    return () => {
      actions.stage = null;
      made.close();
    };
  }, []);
  useCover(element, stage, wide);
  const card = ui.draft.value
    ? html`<${DraftCard} ui=${ui} onSubmit=${actions.submitDraft} />`
    : html`<${PlaceCard} room=${room} ui=${ui} actions=${actions} />`;
  return html`
    <div class=${`room-field${ui.nominating.value ? ' nominating' : ''}`}>
      <div class="room-map" ref=${element} data-testid="map"></div>
      <${FollowFrame} room=${room} ui=${ui} />
      <div class="room-over-top">
        <${RoomTop} room=${room} ui=${ui} title=${title} people=${people} />
        <${MapChips} room=${room} ui=${ui} voice=${voice} />
      </div>
      <div class=${`room-over-bottom ${wide ? '' : ui.snap.value}`}>
        <${TilesNote} tiles=${config.tiles} />
        <${MapTools} room=${room} ui=${ui} voice=${voice} stage=${stage} />
        ${card}
      </div>
    </div>
  `;
}

/** The border in a friend's colour while we look where they look. @param {{room: MapRoom, ui: RoomUi}} props */
function FollowFrame({ room, ui }) {
  const followed = ui.following.value;
  if (!followed) return null;
  return html`<div class="follow-frame" style=${{ '--colour': room.colourOf(followed) }} aria-hidden="true"></div>`;
}

/**
 * Tell the map which part of it is covered, whenever that changes: by the top bar, and on a phone by
 * the panel as far as it is pulled up.
 * @param {{current: HTMLElement | null}} element @param {Stage | null} stage @param {boolean} wide
 */
function useCover(element, stage, wide) {
  useEffect(() => {
    const field = element.current?.parentElement;
    const page = field?.parentElement;
    const top = field?.querySelector('.room-top');
    const panel = page?.querySelector('.room-panel');
    const above = field?.querySelector('.room-over-top');
    const tools = field?.querySelector('.room-over-bottom');
    if (!stage || !field || !top || !panel || !above || !tools) return undefined;
    const measure = () => {
      const area = field.getBoundingClientRect();
      const bottom = wide ? 0 : Math.min(area.bottom - panel.getBoundingClientRect().top, area.height * 0.6);
      stage.cover({
        top: top.getBoundingClientRect().bottom - area.top, right: 0, bottom: Math.max(0, bottom), left: 0,
        head: above.clientHeight - top.clientHeight, foot: tools.clientHeight + FOOT,
      });
      field.style.setProperty('--covered', `${Math.max(0, bottom)}px`);
    };
    const watch = new ResizeObserver(measure);
    for (const one of [field, above, top, panel, tools]) watch.observe(one);
    measure();
    return () => watch.disconnect();
  }, [stage, wide]);
}

/** The result opens by itself when a ballot closes before our eyes, and on demand. @param {MapRoom} room @param {RoomUi} ui */
function useResult(room, ui) {
  const { round, result } = room.ballot.value;
  const open = result !== null && (ui.sheet.value === 'result' || ui.resultSeen.value !== round);
  const close = () => {
    ui.sawResult(round);
    if (ui.sheet.value === 'result') ui.sheet.value = '';
  };
  return { open, close };
}
