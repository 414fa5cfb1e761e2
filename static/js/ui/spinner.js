/** Something is under way. */
import { html } from '../html.js';
import { t } from '../i18n.js';

/** @param {{size?: number, label?: string}} props  with a label it is announced */
export function Spinner({ size = 24, label }) {
  const style = { width: `${size}px`, height: `${size}px` };
  const ring = html`<span class="spinner" aria-hidden="true" style=${style}></span>`;
  return label === undefined ? ring : html`<span role="status" class="spinner-box">${ring}<span class="sr-only">${label}</span></span>`;
}

/** Fills a view until it is there. */
export function Loading() {
  return html`<div class="loading"><${Spinner} size=${32} label=${t('loading')} /></div>`;
}
