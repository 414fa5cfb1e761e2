/** The room's modal sheets: the link to share, and what only the host may do. */
import { html } from '../html.js';
import { t } from '../i18n.js';
import { Button } from '../ui/button.js';
import { CopyShare } from '../ui/copy-share.js';
import { Icon } from '../ui/icon.js';
import { Sheet } from '../ui/sheet.js';

/**
 * @typedef {import('../types.js').ShareMap} ShareMap
 * @typedef {{open: boolean, onClose: () => void, shareMap: ShareMap}} Props
 */

/** @param {Props} props */
export function ShareSheet({ open, onClose, shareMap }) {
  const { url, title, require_account: account } = shareMap;
  return html`
    <${Sheet} open=${open} onClose=${onClose} title=${t('map.share_title')} testId="share-sheet">
      <div class="stack">
        <p class="muted">${account ? t('map.share_text_account') : t('map.share_text')}</p>
        <${CopyShare} url=${url} title=${title} text=${t('map.share_message', { title })} />
        <${Expiry} />
      </div>
    <//>
  `;
}

/**
 * @param {Props & {ballotOpen: boolean, actions: import('./room-actions.js').RoomActions, onShare: () => void,
 *   moderation: import('../moderation/moderation.js').Moderation}} props
 */
export function HostSheet({ open, onClose, shareMap, ballotOpen, actions, onShare, moderation }) {
  const close = () => {
    onClose();
    actions.closeBallot();
  };
  const bans = () => {
    onClose();
    moderation.showBans();
  };
  return html`
    <${Sheet} open=${open} onClose=${onClose} title=${t('map.host_menu')} testId="host-sheet">
      <div class="stack tight">
        <p class="muted small truncate">${shareMap.title}</p>
        <${Button} kind="secondary" icon="link" wide onClick=${onShare}>${t('map.share_title')}<//>
        ${ballotOpen && html`<${Button} kind="secondary" icon="vote" wide onClick=${close}>${t('map.close_ballot_long')}<//>`}
        <${Button} kind="secondary" icon="ban" wide onClick=${bans}>${t('mod.bans')}<//>
        <${Button} kind="danger" icon="door-open" wide onClick=${actions.endMap}>${t('map.end')}<//>
        <${Expiry} />
      </div>
    <//>
  `;
}

/** The time left slides with every use, so a countdown would only frighten. */
function Expiry() {
  return html`<p class="muted small expiry"><${Icon} name="clock" size=${16} />${t('map.expiry')}</p>`;
}
