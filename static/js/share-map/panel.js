/**
 * The room's panel: on a phone a sheet that is pulled up over the map, one tab at a time; on a
 * desktop a column at the side with everything.
 */
import { useEffect, useRef, useState } from 'preact/hooks';
import { html } from '../html.js';
import { t } from '../i18n.js';
import { Chat } from '../ui/chat.js';
import { Icon } from '../ui/icon.js';
import { BallotPanel } from './ballot-panel.js';
import { heights, restOf, toggled } from './snap.js';

/**
 * @typedef {import('./room-ui.js').RoomUi} RoomUi
 * @typedef {import('./room.js').MapRoom} MapRoom
 */

/** A finger that moved less has tapped. */
const TAP = 6;

/**
 * @param {{room: MapRoom, ui: RoomUi, actions: import('./room-actions.js').RoomActions,
 *   feed: import('./chat-feed.js').ChatFeed, moderation: import('../moderation/moderation.js').Moderation,
 *   wide: boolean, people: unknown}} props
 */
export function Panel({ room, ui, actions, feed, moderation, wide, people }) {
  const tab = ui.tab.value;
  const low = ui.snap.value === 'low';
  const { grip, style } = usePull(ui, wide);
  useEffect(() => {
    feed.visible.value = wide || (tab === 'chat' && !low);
  }, [wide, tab, low]);
  // Both halves stay mounted, whichever is shown and however wide the screen: what is typed stays.
  const half = (/** @type {'ballot' | 'chat'} */ name, /** @type {unknown} */ content) => html`
    <div key=${name} id=${`panel-${name}`} class="panel-half" hidden=${!wide && tab !== name}
      role=${wide ? undefined : 'tabpanel'} aria-labelledby=${wide ? undefined : `tab-${name}`}>${content}</div>
  `;
  return html`
    <section class=${`room-panel ${wide ? 'wide' : ui.snap.value}`} style=${style} aria-label=${t('map.panel')} data-testid="panel">
      ${wide ? people : html`
        <div key="grip" class="panel-grip" ...${grip}>
          <button type="button" class="panel-handle" aria-expanded=${!low} aria-label=${t('map.panel_toggle')} onClick=${() => (ui.snap.value = toggled(ui.snap.value))}></button>
          <${Tabs} room=${room} ui=${ui} feed=${feed} />
        </div>
      `}
      <div key="body" class="panel-body" inert=${!wide && low}>
        ${half('ballot', html`<${BallotPanel} room=${room} ui=${ui} actions=${actions} />`)}
        ${half('chat', html`<${Chat} socket=${feed.socket} onLine=${moderation.onLine.value} />`)}
      </div>
    </section>
  `;
}

/** @param {{room: MapRoom, ui: RoomUi, feed: import('./chat-feed.js').ChatFeed}} props */
function Tabs({ room, ui, feed }) {
  const { cards, max } = room.ballot.value;
  const unread = feed.unread.value;
  const choose = (/** @type {'ballot' | 'chat'} */ tab) => () => {
    const same = ui.tab.value === tab;
    if (ui.snap.value === 'low' || same) ui.snap.value = same ? toggled(ui.snap.value) : 'half';
    ui.tab.value = tab;
  };
  const facts = (/** @type {'ballot' | 'chat'} */ tab) => ({
    type: 'button', role: 'tab', id: `tab-${tab}`, class: 'panel-tab', 'aria-selected': ui.tab.value === tab,
    'aria-controls': `panel-${tab}`, onClick: choose(tab),
  });
  return html`
    <div class="panel-tabs" role="tablist">
      <button ...${facts('ballot')}><${Icon} name="vote" size=${20} />${t('map.tab_ballot')} <span class="panel-count">${cards.length}/${max}</span></button>
      <button ...${facts('chat')}>
        <${Icon} name="message-circle" size=${20} />${t('map.tab_chat')}
        ${unread > 0 && html` <span class="badge" aria-label=${t('map.unread', { n: unread })} data-testid="unread">${unread > 99 ? '99+' : unread}</span>`}
      </button>
    </div>
  `;
}

/** Pulling the panel with a finger. @param {RoomUi} ui @param {boolean} wide */
function usePull(ui, wide) {
  const [pulled, setPulled] = useState(/** @type {number | null} */ (null));
  const [rests, setRests] = useState(() => restsNow());
  const drag = useRef({ id: -1, from: 0, height: 0, y: 0, at: 0, speed: 0, moved: false });
  useEffect(() => {
    const onResize = () => setRests(restsNow());
    const watch = new ResizeObserver(onResize);
    const top = document.querySelector('.room-top');
    if (top) watch.observe(top);
    window.addEventListener('resize', onResize);
    return () => {
      watch.disconnect();
      window.removeEventListener('resize', onResize);
    };
  }, []);
  const height = pulled ?? rests[ui.snap.value];
  const grip = {
    onPointerDown: (/** @type {PointerEvent} */ event) => {
      if (!event.isPrimary || event.button !== 0) return;
      drag.current = { id: event.pointerId, from: event.clientY, height, y: event.clientY, at: event.timeStamp, speed: 0, moved: false };
    },
    onPointerMove: (/** @type {PointerEvent} */ event) => {
      const now = drag.current;
      if (event.pointerId !== now.id) return;
      if (!now.moved && Math.abs(event.clientY - now.from) < TAP) return;
      if (!now.moved) /** @type {Element} */ (event.currentTarget).setPointerCapture(event.pointerId);
      const speed = (now.y - event.clientY) / Math.max(1, event.timeStamp - now.at);
      drag.current = { ...now, moved: true, y: event.clientY, at: event.timeStamp, speed };
      setPulled(Math.min(rests.full, Math.max(rests.low, now.height + now.from - event.clientY)));
    },
    onPointerUp: (/** @type {PointerEvent} */ event) => {
      const { id, moved, speed } = drag.current;
      drag.current.id = -1;
      if (event.pointerId !== id || !moved) return;
      ui.snap.value = restOf(height, speed, rests);
      setPulled(null);
    },
    onPointerCancel: () => {
      drag.current.id = -1;
      setPulled(null);
    },
  };
  if (wide) return { grip: {}, style: undefined };
  return { grip, style: { '--panel-height': `${height}px`, transition: pulled === null ? undefined : 'none' } };
}

/** The top bar stays in sight; before it is drawn, its usual height. */
function restsNow() {
  const top = document.querySelector('.room-top')?.getBoundingClientRect().bottom ?? 136;
  return heights(window.innerHeight - top - 8);
}
