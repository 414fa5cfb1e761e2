/** Buttons, and links that look like them. */
import { html } from '../html.js';
import { Icon } from './icon.js';
import { Spinner } from './spinner.js';

/**
 * @typedef {object} ButtonProps
 * @property {'primary' | 'secondary' | 'quiet' | 'danger' | 'glass'} [kind]
 * @property {string} [icon]
 * @property {boolean} [busy]  shows a spinner and ignores presses, without losing the focus
 * @property {boolean} [wide]
 * @property {boolean} [disabled]
 * @property {string} [href]  makes it a link
 * @property {'button' | 'submit'} [type]
 * @property {(event: MouseEvent) => void} [onClick]
 * @property {unknown} [children]
 * @property {string} [class]
 */

/** @param {ButtonProps & Record<string, unknown>} props */
export function Button({ kind = 'primary', icon, busy = false, wide = false, href, type = 'button', ...props }) {
  const { children, onClick, class: extra = '', ...rest } = props;
  const look = `button ${kind}${wide ? ' wide' : ''}${busy ? ' busy' : ''} ${extra}`;
  const content = html`${busy ? html`<${Spinner} size=${20} />` : icon && html`<${Icon} name=${icon} size=${20} />`}<span>${children}</span>`;
  if (href) return html`<a class=${look} href=${href} onClick=${onClick} ...${rest}>${content}</a>`;
  return html`<button type=${type} class=${look} aria-disabled=${busy || undefined} onClick=${busy ? stop : onClick} ...${rest}>${content}</button>`;
}

/**
 * @typedef {object} IconButtonProps
 * @property {string} icon
 * @property {string} label  spoken, and shown as a tool tip
 * @property {'plain' | 'solid' | 'glass' | 'danger'} [kind]
 * @property {boolean} [pressed]  makes it a toggle
 * @property {string} [href]
 * @property {(event: MouseEvent) => void} [onClick]
 * @property {string} [class]
 */

/** @param {IconButtonProps & Record<string, unknown>} props */
export function IconButton({ icon, label, kind = 'plain', pressed, href, onClick, class: extra = '', ...rest }) {
  const look = `icon-button ${kind} ${extra}`;
  const face = html`<${Icon} name=${icon} />`;
  if (href) return html`<a class=${look} href=${href} aria-label=${label} title=${label} ...${rest}>${face}</a>`;
  return html`<button type="button" class=${look} aria-label=${label} title=${label} aria-pressed=${pressed} onClick=${onClick} ...${rest}>${face}</button>`;
}

/** @param {Event} event */
function stop(event) {
  event.preventDefault();
}
