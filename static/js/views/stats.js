/** Live figures of every stream on this server, drawn as they come: for whoever tests media. Admins only. */
import { useEffect, useState } from 'preact/hooks';
import { html } from '../html.js';
import { errorText, t } from '../i18n.js';
import { useFetched } from '../poll.js';
import { person } from '../session.js';
import { Peer } from '../stats/peer.js';
import { extend } from '../stats/series.js';
import { EmptyTable } from '../ui/art.js';
import { Button } from '../ui/button.js';
import { EmptyState } from '../ui/empty-state.js';
import { Page } from '../ui/page.js';
import { Loading } from '../ui/spinner.js';

const EVERY = 1000; // ms

export default function Stats() {
  return html`<${Page} title=${t('stats.title')} text=${t('stats.intro')} name="stats"><${Figures} /><//>`;
}

function Figures() {
  const admin = person.value?.admin === true;
  const { data, error, reload } = useFetched(admin ? '/api/media/stats' : null, take, { every: EVERY });
  const [history, setHistory] = useState(/** @type {import('../stats/series.js').History} */ (new Map()));
  useEffect(() => {
    if (data) setHistory((known) => extend(known, data));
  }, [data]);
  if (!admin) return html`<${EmptyState} title=${t('stats.admins_only')} />`;
  if (!data && error) {
    return html`<${EmptyState} title=${errorText(error)}><${Button} icon="refresh-cw" onClick=${reload}>${t('retry')}<//><//>`;
  }
  if (!data) return html`<${Loading} />`;
  const dropped = Object.values(data.dropped).reduce((sum, n) => sum + n, 0);
  return html`
    ${error && html`<p class="stats-old" role="status">${t('stats.old')}</p>`}
    <p class="muted small">${t('stats.dropped', { count: dropped })} · ${t('stats.counts', data.streams)}</p>
    ${data.rooms.length === 0 && html`<${EmptyState} art=${html`<${EmptyTable} />`} title=${t('stats.nobody')} text=${t('stats.nobody_text')} />`}
    ${data.rooms.map(
      ({ room, peers }) => html`
        <section class="stats-room" key=${room} data-testid="stats-room">
          <h2 class="truncate">${room}</h2>
          ${Object.entries(peers).map(([name, peer]) => html`<${Peer} key=${name} room=${room} name=${name} peer=${peer} history=${history} />`)}
        </section>
      `,
    )}
  `;
}

/** @param {any} body @returns {import('../stats/types.js').MediaStats} */
const take = (body) => body;
