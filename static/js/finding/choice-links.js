/** One of a few ways to look at a page, each with an address of its own; choosing one neither scrolls nor adds to Back. */
import { html } from '../html.js';
import { navigate } from '../router.js';

/** @param {string} href */
export const swap = (href) => (/** @type {MouseEvent} */ event) => {
  if (event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
  event.preventDefault();
  navigate(href, { replace: true, scroll: false });
};

/** @param {{label: string, choices: {name: string, href: string, text: string}[], current: string}} props */
export function ChoiceLinks({ label, choices, current }) {
  return html`
    <nav class="choice-links" aria-label=${label}>
      ${choices.map(({ name, href, text }) => html`<a key=${name} href=${href} aria-current=${name === current ? 'true' : undefined} onClick=${swap(href)}>${text}</a>`)}
    </nav>
  `;
}
