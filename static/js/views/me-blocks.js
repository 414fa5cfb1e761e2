/** Whom one blocked, and making up again. */
import { useState } from 'preact/hooks';
import { AccountFrame } from '../account/frame.js';
import { html } from '../html.js';
import { t } from '../i18n.js';
import { UnblockButton } from '../people/block.js';
import { takePeople } from '../people/follow-list.js';
import { PersonRow } from '../people/person-row.js';
import { EmptyState } from '../ui/empty-state.js';
import { Pager, usePages } from '../ui/pager.js';

export default function MeBlocks() {
  return html`<${AccountFrame} here="blocks" view=${() => html`<${Blocked} />`} />`;
}

function Blocked() {
  const pages = usePages('/api/me/blocks', takePeople);
  const [forgiven, setForgiven] = useState(/** @type {string[]} */ ([]));
  const people = pages.items.filter(({ id }) => !forgiven.includes(id));
  if (pages.state === 'end' && people.length === 0) return html`<${EmptyState} title=${t('account.no_blocks')} text=${t('account.no_blocks_text')} />`;
  return html`
    <ul class="account-people">
      ${people.map(
        (someone) => html`
          <li key=${someone.id}>
            <${PersonRow} someone=${someone} action=${html`<${UnblockButton} someone=${someone} onUnblock=${() => setForgiven((ids) => [...ids, someone.id])} />`} />
          </li>
        `,
      )}
    </ul>
    <${Pager} pages=${pages} />
  `;
}
