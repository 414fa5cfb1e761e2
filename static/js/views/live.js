/** One live: the host's screen for its host, the viewer's for everybody else, and what it was when it is over. */
import { useEffect, useMemo } from 'preact/hooks';
import { html } from '../html.js';
import { errorText, t } from '../i18n.js';
import { HostScreen } from '../live/host-screen.js';
import { PastLive } from '../live/past.js';
import { LiveRoom } from '../live/room.js';
import { WatchScreen } from '../live/watch-screen.js';
import { useFetched } from '../poll.js';
import { person } from '../session.js';
import { EmptyTable } from '../ui/art.js';
import { Button } from '../ui/button.js';
import { EmptyState } from '../ui/empty-state.js';
import { Loading } from '../ui/spinner.js';

/** @typedef {import('../types.js').Live} Live */

// The backend that a ticket will most likely name: fetched while the live is asked for, not after.
void import('../media/embedded.js').catch(() => {});

/** @param {any} body @returns {Live} */
const takeLive = (body) => body.live;

/** @param {{params: Record<string, string>}} props */
export default function LiveView({ params }) {
  const { data: live, error, reload } = useFetched(`/api/lives/${encodeURIComponent(params.id)}`, takeLive);
  if (live) return html`<${Room} live=${live} />`;
  if (!error) return html`<${Loading} />`;
  if (/** @type {{code?: string}} */ (error).code === 'live.unknown') return html`<${Unknown} />`;
  return html`<${Middle}><${EmptyState} page title=${errorText(error)}><${Button} icon="refresh-cw" onClick=${reload}>${t('retry')}<//><//><//>`;
}

/** @param {{live: Live}} props */
function Room({ live }) {
  const room = useMemo(() => new LiveRoom(live), [live.id]);
  const over = room.live.value.state === 'ended';
  const mine = person.value?.id === live.host.id;
  useEffect(() => (over ? undefined : room.open()), [room, over]);
  if (over) return html`<${PastLive} live=${room.live.value} mine=${mine} />`;
  return mine ? html`<${HostScreen} room=${room} />` : html`<${WatchScreen} room=${room} />`;
}

function Unknown() {
  return html`<${Middle}>
    <${EmptyState} page art=${html`<${EmptyTable} />`} title=${t('watch.unknown')} text=${t('watch.unknown_text')} testId="live-unknown">
      <${Button} href="/live">${t('watch.others')}<//>
    <//>
  <//>`;
}

/** @param {{children?: unknown}} props */
function Middle({ children }) {
  return html`<div class="page-middle">${children}</div>`;
}
