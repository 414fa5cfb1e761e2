/** Hand a link on: copy it, or give it to the phone's own share sheet where there is one. */
import { useState } from 'preact/hooks';
import { html } from '../html.js';
import { t } from '../i18n.js';
import { Button } from './button.js';
import { Icon } from './icon.js';
import { onlyHere } from './only-here.js';
import { toast } from './toast.js';

/** @param {{url: string, title: string, text?: string}} props */
export function CopyShare({ url, title, text }) {
  const [copied, setCopied] = useState(false);
  const onCopy = async () => {
    if (!(await copy(url))) return toast(t('share.copy_failed'), { kind: 'error' });
    setCopied(true);
    setTimeout(() => setCopied(false), 2500);
    return toast(t('share.copied'), { kind: 'ok' });
  };
  return html`
    <div class="copy-share">
      <input class="copy-link" readonly value=${url} aria-label=${t('share.link')} onFocus=${selectAll} data-testid="share-link" />
      <div class="row">
        <${Button} kind=${canShare() ? 'secondary' : 'primary'} icon=${copied ? 'check' : 'copy'} wide onClick=${onCopy}>
          ${copied ? t('share.copied_short') : t('share.copy')}
        <//>
        ${canShare() && html`<${Button} icon="share-2" wide onClick=${() => share({ url, title, text })}>${t('share.share')}<//>`}
      </div>
      ${onlyHere(url) && html`<p class="copy-warning small"><${Icon} name="triangle-alert" size=${18} />${t('share.only_here')}</p>`}
    </div>
  `;
}

/** Whether this browser has a share sheet. */
export const canShare = () => typeof navigator.share === 'function';

/** @param {ShareData} data */
export async function share(data) {
  try {
    await navigator.share(data);
  } catch {
    // Dismissing the sheet rejects, too: nothing to tell.
  }
}

/**
 * The Clipboard API needs HTTPS; on a plain-HTTP home server the old command still works.
 *
 * @param {string} text
 */
export async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copyBySelection(text);
  }
}

/** @param {string} text */
function copyBySelection(text) {
  const area = document.createElement('textarea');
  area.value = text;
  area.style.position = 'fixed';
  area.style.opacity = '0';
  (document.querySelector('dialog[open]') ?? document.body).append(area); // inside a modal, as the rest is inert
  area.select();
  const done = document.execCommand('copy');
  area.remove();
  return done;
}

/** @param {FocusEvent} event */
function selectAll(event) {
  /** @type {HTMLInputElement} */ (event.currentTarget).select();
}
