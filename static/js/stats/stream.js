/** One stream: its line over the last two minutes, and its figures in words. */
import { html } from '../html.js';
import { t } from '../i18n.js';
import { pathOf, topOf } from './series.js';

const WIDTH = 240;
const HEIGHT = 48;

/** `1.25 Mbit/s`, `48 kbit/s`. @param {number} bitrate */
export const rate = (bitrate) =>
  bitrate >= 1e6 ? `${(bitrate / 1e6).toFixed(2)} Mbit/s` : `${Math.round(bitrate / 1e3)} kbit/s`;

/**
 * @param {{name: string, points: import('./series.js').Point[], figures: [string, string | number | null][], idle?: boolean}} props
 *   `figures` are [key of the words, value]; null ones are not known (yet)
 */
export function Stream({ name, points, figures, idle = false }) {
  const top = topOf(points, 'bitrate');
  return html`
    <li class=${`stats-stream${idle ? ' idle' : ''}`}>
      <h4>${name}</h4>
      <svg viewBox=${`0 0 ${WIDTH} ${HEIGHT}`} preserveAspectRatio="none" role="img" aria-label=${t('stats.line', { name, top: rate(top) })}>
        <path class="stats-loss" d=${pathOf(points, 'loss', WIDTH, HEIGHT, 0.2)} />
        <path class="stats-bitrate" d=${pathOf(points, 'bitrate', WIDTH, HEIGHT, top)} />
      </svg>
      <dl>
        ${figures.map(
          ([key, value]) => value !== null && html`<div key=${key}><dt>${t(`stats.${key}`)}</dt><dd>${value}</dd></div>`,
        )}
      </dl>
    </li>
  `;
}
