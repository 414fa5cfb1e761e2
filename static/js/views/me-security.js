/** How one gets in: the password, and sign-ins elsewhere. */
import { AccountFrame } from '../account/frame.js';
import { PasswordForm } from '../account/password-form.js';
import { SignIns } from '../account/sign-ins.js';
import { html } from '../html.js';

export default function MeSecurity() {
  return html`<${AccountFrame} here="security" view=${(/** @type {import('../account/use-account.js').AccountState} */ { account, reload }) => html`
    <${PasswordForm} key=${String(account.has_password)} account=${account} onChange=${reload} />
    <${SignIns} account=${account} onChange=${reload} />
  `} />`;
}
