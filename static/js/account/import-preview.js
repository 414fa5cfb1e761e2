/** What a file would bring, and what not and why. Long lists show their beginning. */
import { html } from '../html.js';
import { t } from '../i18n.js';
import { Icon } from '../ui/icon.js';

const SHOWN = 50;

/** @param {{places: import('./saved-places.js').Saved[]}} props */
export function ToCome({ places }) {
  if (places.length === 0) return html`<p class="problem"><${Icon} name="circle-alert" size=${20} />${t('account.import_none')}</p>`;
  return html`
    <details open>
      <summary>${t('account.import_come', { n: places.length })}</summary>
      <ul tabindex="0" aria-label=${t('account.import_come', { n: places.length })}>
        ${places.slice(0, SHOWN).map(({ name, address }, i) => html`<li key=${i}><b>${name}</b>${address && html` <span class="muted small">${address}</span>`}</li>`)}
        <${More} n=${places.length - SHOWN} />
      </ul>
    </details>
  `;
}

/** @param {{left: import('./saved-places.js').Left[]}} props */
export function Left({ left }) {
  if (left.length === 0) return null;
  return html`
    <details>
      <summary>${t('account.import_left', { n: left.length })}</summary>
      <ul tabindex="0" aria-label=${t('account.import_left', { n: left.length })}>
        ${left.slice(0, SHOWN).map(({ name, why }, i) => html`<li key=${i}><b>${name ?? t('account.import_nameless')}</b> <span class="muted small">${t(`account.import_${why}`)}</span></li>`)}
        <${More} n=${left.length - SHOWN} />
      </ul>
    </details>
  `;
}

/** @param {{n: number}} props */
const More = ({ n }) => (n > 0 ? html`<li class="muted">${t('account.import_more', { n })}</li>` : null);
