/** What is one's own: take it along, bring some, or leave. */
import { useState } from 'preact/hooks';
import { AccountFrame } from '../account/frame.js';
import { CloseAccount } from '../account/close-account.js';
import { Export } from '../account/export.js';
import { Farewell } from '../account/farewell.js';
import { Import } from '../account/import.js';
import { html } from '../html.js';

export default function MeData() {
  const [until, setUntil] = useState(/** @type {number | null} */ (null));
  if (until !== null) return html`<${Farewell} until=${until} />`;
  return html`<${AccountFrame} here="data" view=${(/** @type {import('../account/use-account.js').AccountState} */ { account }) => html`
    <${Export} account=${account} />
    <${Import} />
    <${CloseAccount} account=${account} onClosed=${setUntil} />
  `} />`;
}
