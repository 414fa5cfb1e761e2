/** Short news that asks for nothing: `toast(text)`. At most three at a time, the oldest goes first. */
import { signal } from '@preact/signals';
import { html } from '../html.js';
import { Icon } from './icon.js';

const SHOWN = 4000; // ms; a short sentence is read in two seconds
const MOST = 3;
const ICONS = { info: 'info', ok: 'circle-check', error: 'circle-alert' };

/** @typedef {{id: number, text: string, kind: keyof typeof ICONS}} Toast */

/** @type {import('@preact/signals').Signal<Toast[]>} */
const toasts = signal([]);
let last = 0;

/** @param {string} text @param {{kind?: Toast['kind']}} [options] */
export function toast(text, { kind = 'info' } = {}) {
  last += 1;
  const id = last;
  const others = toasts.value.filter((other) => other.text !== text);
  toasts.value = [...others, { id, text, kind }].slice(-MOST);
  setTimeout(() => {
    toasts.value = toasts.value.filter((other) => other.id !== id);
  }, SHOWN);
}

/** Shows them; the shell has one. */
export function ToastHost() {
  return html`
    <div class="toasts" role="status" aria-live="polite" data-testid="toasts">
      ${toasts.value.map(
        ({ id, text, kind }) => html`<p key=${id} class=${`toast ${kind}`}><${Icon} name=${ICONS[kind]} size=${20} />${text}</p>`,
      )}
    </div>
  `;
}
