/** One peer: what it publishes, layer by layer, and what it receives. */
import { html } from '../html.js';
import { t } from '../i18n.js';
import { keyOf } from './series.js';
import { rate, Stream } from './stream.js';

/** @param {number | null} value @param {string} unit */
const measured = (value, unit) => (value === null ? null : `${Math.round(value * 10) / 10} ${unit}`);

/** @param {number | null} loss */
const share = (loss) => (loss === null ? null : `${(loss * 100).toFixed(1)} %`);

/**
 * @param {{room: string, name: string, peer: import('./types.js').Peer, history: import('./series.js').History}} props
 */
export function Peer({ room, name, peer, history }) {
  const points = (/** @type {number} */ ssrc) => history.get(keyOf(room, name, ssrc)) ?? [];
  return html`
    <section class="stats-peer">
      <h3>
        <span class="truncate">${name}</span>
        <span class="stats-role">${t(`stats.role.${peer.role}`)}</span>
        ${!peer.connected && html`<span class="stats-role">${t('stats.connecting')}</span>`}
        ${peer.estimate !== null && html`<span class="muted small">${t('stats.estimate', { rate: rate(peer.estimate) })}</span>`}
        ${peer.remb !== null && html`<span class="muted small">${t('stats.remb', { rate: rate(peer.remb) })}</span>`}
      </h3>
      <ul class="stats-streams">
        ${peer.publishes.flatMap(({ kind, codec, layers, muted }) =>
          layers.map(
            (layer) => html`<${Stream} key=${layer.ssrc} points=${points(layer.ssrc)} idle=${!layer.watched || muted}
              name=${`↑ ${t(`stats.${kind}`)} ${codec}${layer.rid && ` · ${layer.rid}`}`} figures=${layerFigures(layer)} />`,
          ),
        )}
        ${peer.receives.map(
          (stream) => html`<${Stream} key=${stream.ssrc} points=${points(stream.ssrc)} idle=${stream.rid === null}
            name=${`↓ ${t(`stats.${stream.kind}`)} ${stream.codec}${stream.rid ? ` · ${stream.rid}` : ''}`} figures=${streamFigures(stream)} />`,
        )}
      </ul>
    </section>
  `;
}

/** @param {import('./types.js').Layer} layer @returns {[string, string | number | null][]} */
function layerFigures({ bitrate, height, lost, packets, loss, rtt, jitter }) {
  return [
    ['bitrate', rate(bitrate)],
    ['height', height || null],
    ['lost', `${lost} / ${packets}`],
    ['loss', share(loss)],
    ['rtt', measured(rtt, 'ms')],
    ['jitter', measured(jitter, 'ms')],
  ];
}

/** @param {import('./types.js').Subscription} stream @returns {[string, string | number | null][]} */
function streamFigures(stream) {
  const { bitrate, height, loss, rtt, jitter, resent, switches, freezes, kind } = stream;
  return [
    ['bitrate', rate(bitrate)],
    ['height', height || null],
    ['loss', share(loss)],
    ['rtt', measured(rtt, 'ms')],
    ['jitter', measured(jitter, 'ms')],
    ['resent', kind === 'video' ? resent : null],
    ['switches', kind === 'video' ? switches : null],
    ['freezes', kind === 'video' ? freezes : null],
  ];
}
