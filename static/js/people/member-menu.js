/** What one seldom does about somebody: pass their page on, report them, block them. */
import { useState } from 'preact/hooks';
import { html } from '../html.js';
import { t } from '../i18n.js';
import { ReportSheet } from '../reports/report-sheet.js';
import { IconButton } from '../ui/button.js';
import { canShare, copy, share } from '../ui/copy-share.js';
import { Icon } from '../ui/icon.js';
import { Sheet } from '../ui/sheet.js';
import { toast } from '../ui/toast.js';
import { block } from './block.js';
import { memberPath } from './paths.js';

/** @param {{profile: import('../types.js').Profile, onBlock: () => void}} props */
export function MemberMenu({ profile, onBlock }) {
  const [open, setOpen] = useState(false);
  const [reporting, setReporting] = useState(false);
  const close = () => setOpen(false);
  const onPass = async () => {
    close();
    const url = new URL(memberPath(profile.username), window.location.href).href;
    if (canShare()) return share({ url, title: profile.name });
    const copied = await copy(url);
    return toast(t(copied ? 'share.copied' : 'share.copy_failed'), { kind: copied ? 'ok' : 'error' });
  };
  const onAsk = async () => {
    close();
    if (await block(profile)) onBlock();
  };
  const onReport = () => {
    close();
    setReporting(true);
  };
  return html`
    <${IconButton} icon="ellipsis" label=${t('people.more', { name: profile.name })} aria-haspopup="dialog" onClick=${() => setOpen(true)} />
    <${Sheet} open=${open} onClose=${close} title=${profile.name}>
      <ul class="choices">
        <li><${Choice} icon="share" text=${t('people.pass_on')} onClick=${onPass} /></li>
        <li><${Choice} icon="flag" text=${t('report.open')} onClick=${onReport} /></li>
        ${!profile.bond.blocks && html`<li><${Choice} icon="ban" text=${t('people.block_who', { name: profile.name })} onClick=${onAsk} danger /></li>`}
      </ul>
    <//>
    <${ReportSheet} about=${{ username: profile.username }} open=${reporting} onClose=${() => setReporting(false)} />
  `;
}

/** @param {{icon: string, text: string, onClick: () => void, danger?: boolean}} props */
function Choice({ icon, text, onClick, danger = false }) {
  return html`<button type="button" class=${`member-choice${danger ? ' danger' : ''}`} onClick=${onClick}><${Icon} name=${icon} />${text}</button>`;
}
