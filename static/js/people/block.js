/** Blocking: asked about first, in words that say what it does; and making up again. */
import { useState } from 'preact/hooks';
import { api } from '../api.js';
import { html } from '../html.js';
import { errorText, t } from '../i18n.js';
import { Button } from '../ui/button.js';
import { ask } from '../ui/dialog.js';
import { EmptyState } from '../ui/empty-state.js';
import { toast } from '../ui/toast.js';
import { memberPath } from './paths.js';

/** @typedef {import('../types.js').Someone} Someone */

/** @param {Someone} someone */
const pathOf = ({ username }) => `${memberPath(username, '/api')}/block`;

/** @param {Someone} someone @returns {Promise<boolean>}  whether they are blocked now */
export async function block(someone) {
  const { name } = someone;
  const sure = await ask({ title: t('people.block_title', { name }), text: t('people.block_text'), yes: t('people.block'), danger: true });
  if (!sure) return false;
  return told(() => api.put(pathOf(someone)), t('people.block_done', { name }));
}

/** @param {Someone} someone @returns {Promise<boolean>}  whether they are not any more */
export function unblock(someone) {
  return told(() => api.delete(pathOf(someone)), t('people.unblock_done', { name: someone.name }));
}

/** @param {{someone: Someone, onUnblock: () => void, class?: string}} props */
export function UnblockButton({ someone, onUnblock, class: extra = 'compact' }) {
  const [busy, setBusy] = useState(false);
  const onClick = async () => {
    setBusy(true);
    if (await unblock(someone)) onUnblock();
    setBusy(false);
  };
  const label = t('people.unblock_who', { name: someone.name });
  return html`<${Button} kind="secondary" class=${extra} busy=${busy} aria-label=${label} onClick=${onClick}>${t('people.unblock')}<//>`;
}

/** In place of what a blocked person wrote. @param {{profile: Someone, onUnblock: () => void}} props */
export function BlockedNotice({ profile, onUnblock }) {
  return html`
    <${EmptyState} title=${t('people.blocked_title', { name: profile.name })} text=${t('people.blocked_text')}>
      <${UnblockButton} someone=${profile} onUnblock=${onUnblock} class="" />
    <//>
  `;
}

/** @param {() => Promise<unknown>} act @param {string} done */
async function told(act, done) {
  try {
    await act();
    toast(done, { kind: 'ok' });
    return true;
  } catch (error) {
    toast(errorText(error), { kind: 'error' });
    return false;
  }
}
