/** Yes or no, with a word on what that means. */
import { html } from '../html.js';

/** @param {{label: string, text: string, on: boolean, onSwitch: (on: boolean) => void}} props */
export function Switch({ label, text, on, onSwitch }) {
  const turn = (/** @type {Event} */ event) => onSwitch(/** @type {HTMLInputElement} */ (event.currentTarget).checked);
  return html`
    <label class="switch-row">
      <span><b>${label}</b><span class="small muted">${text}</span></span>
      <input type="checkbox" role="switch" checked=${on} onChange=${turn} />
    </label>
  `;
}
