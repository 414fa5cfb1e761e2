/** What the tabs share: a fetched part with its failures, a row, sizes in words. */
import { html } from '../html.js';
import { errorText, locale, t } from '../i18n.js';
import { Button } from '../ui/button.js';
import { EmptyState } from '../ui/empty-state.js';
import { Loading } from '../ui/spinner.js';
import { inUnit } from './units.js';

/**
 * What was fetched stays while it is fetched again, and when that fails.
 *
 * @template T
 * @param {{title: string, fetched: import('../poll.js').Fetched<T>, children: (data: T) => unknown, testId: string}} props
 */
export function Part({ title, fetched, children, testId }) {
  const { data, error, reload } = fetched;
  return html`
    <section class="admin-part" data-testid=${testId}>
      <h2>${title}</h2>
      ${Boolean(data && error) && html`<p class="admin-old" role="status">${t('stats.old')}</p>`}
      ${data
        ? children(data)
        : error
          ? html`<${EmptyState} title=${errorText(error)}><${Button} icon="refresh-cw" onClick=${reload}>${t('retry')}<//><//>`
          : html`<${Loading} />`}
    </section>
  `;
}

/** @param {{name: unknown, tags?: string[], facts: string[], href?: string, children?: unknown}} props */
export function Row({ name, tags = [], facts, href, children }) {
  return html`
    <div class="admin-row">
      <div class="admin-words">
        <p class="admin-name">
          ${href ? html`<a class="truncate" href=${href}>${name}</a>` : html`<b class="truncate">${name}</b>`}
          ${tags.map((tag) => html`<span class="admin-tag" key=${tag}>${tag}</span>`)}
        </p>
        <p class="muted small admin-facts">${facts.join(' · ')}</p>
      </div>
      ${children && html`<div class="admin-actions">${children}</div>`}
    </div>
  `;
}

/** `1.5 MB`. @param {number} bytes */
export const size = (bytes) => inUnit(bytes, ['B', 'kB', 'MB', 'GB', 'TB'], locale.value);

/** `1.5 Mbit/s`. @param {number} bits of a second */
export const rate = (bits) => inUnit(bits, ['bit/s', 'kbit/s', 'Mbit/s', 'Gbit/s'], locale.value);

/** @param {number} at ms */
export const day = (at) => new Intl.DateTimeFormat(locale.value, { dateStyle: 'medium' }).format(at);
