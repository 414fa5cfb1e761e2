/** A viewer without a name gets one before chatting. */
import { useState } from 'preact/hooks';
import { useForm } from '../auth/form.js';
import { Problem } from '../auth/frame.js';
import { html } from '../html.js';
import { t } from '../i18n.js';
import { enterAsGuest, loginPath } from '../session.js';
import { Button } from '../ui/button.js';
import { Field } from '../ui/field.js';
import { Sheet } from '../ui/sheet.js';

/** Stands where the chat input will be. @param {{onEntered: () => void}} props */
export function GuestInvite({ onEntered }) {
  const [open, setOpen] = useState(false);
  return html`
    <${Button} kind="glass" wide class="guest-invite" icon="message-circle" onClick=${() => setOpen(true)}>${t('guest.write')}<//>
    <${Sheet} open=${open} onClose=${() => setOpen(false)} title=${t('guest.title')}><${GuestForm} onEntered=${onEntered} /><//>
  `;
}

/** @param {{onEntered: () => void}} props */
function GuestForm({ onEntered }) {
  const { values, errors, problem, busy, set, submit } = useForm({ name: '' });
  const send = submit(async ({ name }) => {
    await enterAsGuest(name);
    onEntered();
  });
  return html`
    <form class="stack" onSubmit=${send} novalidate>
      <p class="muted">${t('guest.text')}</p>
      <${Field} label=${t('guest.name')} name="name" value=${values.name} onValue=${set('name')} error=${errors.name} maxlength="20" autocomplete="nickname" />
      <${Problem} text=${problem} />
      <${Button} type="submit" wide busy=${busy}>${t('guest.enter')}<//>
      <a class="guest-login" href=${loginPath()}>${t('guest.login')}</a>
    </form>
  `;
}
