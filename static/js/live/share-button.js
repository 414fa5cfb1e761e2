/** Hands the live's link on: by the phone's own sheet, else by the clipboard. */
import { html } from '../html.js';
import { t } from '../i18n.js';
import { IconButton } from '../ui/button.js';
import { canShare, copy, share } from '../ui/copy-share.js';
import { toast } from '../ui/toast.js';

/** @param {{live: import('../types.js').Live}} props */
export function ShareButton({ live }) {
  return html`<${IconButton} kind="glass" icon="share-2" label=${t('watch.share')} onClick=${() => handOn(live)} />`;
}

/** @param {import('../types.js').Live} live */
async function handOn(live) {
  const url = window.location.href;
  if (canShare()) return share({ url, title: live.title });
  const copied = await copy(url);
  return toast(t(copied ? 'share.copied' : 'share.copy_failed'), { kind: copied ? 'ok' : 'error' });
}
