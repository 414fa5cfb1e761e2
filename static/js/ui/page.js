/** A view's frame: words on brown above, a white sheet with a rounded top below. */
import { html } from '../html.js';
import { useTitle } from './title.js';

/**
 * @param {{title: string, text?: string, top?: unknown, actions?: unknown, children?: unknown, name?: string}} props
 *   `top` stands on the brown below the title; `name` becomes a class
 */
export function Page({ title, text, top, actions, children, name = '' }) {
  useTitle(title);
  return html`
    <div class=${`page ${name}`}>
      <div class="page-top on-dark">
        <div class="page-head">
          <div><h1>${title}</h1>${text && html`<p>${text}</p>`}</div>
          ${actions}
        </div>
        ${top}
      </div>
      <div class="page-sheet">${children}</div>
    </div>
  `;
}
