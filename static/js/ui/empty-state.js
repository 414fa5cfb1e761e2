/** Nothing here yet: a picture, a sentence, and what to do about it. */
import { html } from '../html.js';

/**
 * @param {{art?: unknown, title: string, text?: string, page?: boolean, children?: unknown, testId?: string}} props
 *   `page`: it is all there is on the page, so its title is the page's
 */
export function EmptyState({ art, title, text, page = false, children, testId }) {
  return html`
    <div class="empty" data-testid=${testId}>
      ${art}
      ${page ? html`<h1>${title}</h1>` : html`<h2>${title}</h2>`}
      ${text && html`<p class="muted">${text}</p>`}
      ${children && html`<div class="empty-actions">${children}</div>`}
    </div>
  `;
}
