/** How others see one: picture, name, bio. */
import { html } from '../html.js';
import { AccountFrame } from '../account/frame.js';
import { ProfileForm } from '../account/profile-form.js';

export default function MeEdit() {
  return html`<${AccountFrame} here="edit" view=${(/** @type {import('../account/use-account.js').AccountState} */ state) => html`<${ProfileForm} ...${state} />`} />`;
}
