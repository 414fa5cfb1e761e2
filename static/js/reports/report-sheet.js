/** Telling the admins about a post, a live or somebody: a few words if one likes, and the reason, which sends it. */
import { useState } from 'preact/hooks';
import { api } from '../api.js';
import { html } from '../html.js';
import { errorText, t } from '../i18n.js';
import { Button } from '../ui/button.js';
import { Field } from '../ui/field.js';
import { Sheet } from '../ui/sheet.js';
import { toast } from '../ui/toast.js';

const REASONS = ['spam', 'abuse', 'sexual', 'violence', 'other'];
const LONGEST = 500;

/** @typedef {{post_id: number} | {live_id: string} | {username: string}} About */

/** @param {{about: About, open: boolean, onClose: () => void}} props */
export function ReportSheet({ about, open, onClose }) {
  return html`<${Sheet} open=${open} onClose=${onClose} title=${t('report.title')} testId="report">${open && html`<${Form} about=${about} onSent=${onClose} />`}<//>`;
}

/** @param {{about: About, onSent: () => void}} props */
function Form({ about, onSent }) {
  const [text, setText] = useState('');
  const [busy, setBusy] = useState(false);
  const send = async (/** @type {string} */ reason) => {
    setBusy(true);
    try {
      await api.post('/api/reports', { ...about, reason, text });
      toast(t('report.sent'), { kind: 'ok' });
      onSent();
    } catch (error) {
      setBusy(false);
      toast(errorText(error), { kind: 'error' });
    }
  };
  return html`
    <p class="muted">${t('report.text')}</p>
    <${Field} label=${t('report.words')} name="words" value=${text} onValue=${setText} maxlength=${LONGEST} optionalLabel=${t('optional')} />
    <div class="report-reasons" role="group" aria-label=${t('report.why')}>
      ${REASONS.map((reason) => html`<${Button} key=${reason} kind="secondary" busy=${busy} onClick=${() => send(reason)}>${t(`report.reason_${reason}`)}<//>`)}
    </div>
  `;
}
