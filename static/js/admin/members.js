/** Members: found, kept out and let in again, made admins. What takes something away is asked about first. */
import { useEffect, useState } from 'preact/hooks';
import { api } from '../api.js';
import { html } from '../html.js';
import { errorText, t } from '../i18n.js';
import { memberPath } from '../people/paths.js';
import { person } from '../session.js';
import { Button } from '../ui/button.js';
import { ask } from '../ui/dialog.js';
import { EmptyState } from '../ui/empty-state.js';
import { Field } from '../ui/field.js';
import { Pager, forgetPages, usePages } from '../ui/pager.js';
import { toast } from '../ui/toast.js';
import { Row, day } from './parts.js';

const PAUSE = 250; // ms without a key

/** @typedef {{id: string, username: string, name: string, admin: boolean, standing: 'active' | 'suspended' | 'closed', created_at: number}} Known */

/** @typedef {{method: 'put' | 'delete', what: 'suspension' | 'admin', to: Partial<Known>, key: string, danger: boolean}} Act */

/** @type {Record<string, Act>} */
const ACTS = {
  suspend: { method: 'put', what: 'suspension', to: { standing: 'suspended' }, key: 'suspend', danger: true },
  unsuspend: { method: 'delete', what: 'suspension', to: { standing: 'active' }, key: 'unsuspend', danger: false },
  promote: { method: 'put', what: 'admin', to: { admin: true }, key: 'promote', danger: true },
  demote: { method: 'delete', what: 'admin', to: { admin: false }, key: 'demote', danger: true },
};

export function Members() {
  const [typed, setTyped] = useState('');
  const [q, setQ] = useState('');
  useEffect(() => {
    const timer = setTimeout(setQ, PAUSE, typed.trim());
    return () => clearTimeout(timer);
  }, [typed]);
  const pages = usePages(`/api/admin/members?q=${encodeURIComponent(q)}`, (body) => /** @type {Known[]} */ (body.members));
  const [changed, setChanged] = useState(/** @type {Record<string, Partial<Known>>} */ ({}));
  const change = (/** @type {Known} */ who, /** @type {Act} */ act) => setChanged((all) => ({ ...all, [who.id]: { ...all[who.id], ...act.to } }));
  return html`
    <section class="admin-part" data-testid="admin-members">
      <${Field} type="search" label=${t('admin.find')} name="q" value=${typed} onValue=${setTyped} maxlength="60" />
      ${pages.state === 'end' && pages.items.length === 0 && html`<${EmptyState} title=${t('admin.no_members')} />`}
      <ul class="admin-list">
        ${pages.items.map((known) => {
          const who = { ...known, ...changed[known.id] };
          return html`<li key=${who.id}><${MemberRow} who=${who} onAct=${(/** @type {Act} */ act) => change(who, act)} /></li>`;
        })}
      </ul>
      <${Pager} pages=${pages} />
    </section>
  `;
}

/** @param {{who: Known, onAct: (act: Act) => void}} props */
function MemberRow({ who, onAct }) {
  const [busy, setBusy] = useState(false);
  const tags = [who.admin ? t('me.admin') : '', who.standing === 'active' ? '' : t(`admin.standing_${who.standing}`)].filter(Boolean);
  const facts = [`@${who.username}`, t('admin.since', { day: day(who.created_at) })];
  const press = async (/** @type {Act} */ act) => {
    if (act.danger && !(await sure(who, act))) return;
    setBusy(true);
    if (await done(who, act)) onAct(act);
    setBusy(false);
  };
  const href = who.standing === 'closed' ? undefined : memberPath(who.username);
  return html`
    <${Row} name=${who.name} href=${href} tags=${tags} facts=${facts}>
      ${actsOn(who).map((act) => {
        const label = t(`admin.${act.key}_who`, { name: who.name });
        return html`<${Button} key=${act.key} kind="secondary" class="compact" busy=${busy} aria-label=${label} onClick=${() => press(act)}>${t(`admin.${act.key}`)}<//>`;
      })}
    <//>
  `;
}

/** @param {Known} who */
function actsOn(who) {
  if (who.standing === 'closed') return [];
  if (who.standing === 'suspended') return who.admin ? [ACTS.unsuspend, ACTS.demote] : [ACTS.unsuspend];
  const right = who.admin ? ACTS.demote : ACTS.promote;
  return who.id === person.value?.id ? [right] : [right, ACTS.suspend];
}

/** @param {Known} who @param {Act} act */
const sure = ({ name }, { key }) => ask({ title: t(`admin.${key}_ask`, { name }), text: t(`admin.${key}_text`), yes: t(`admin.${key}`), danger: true });

/** @param {Known} who @param {Act} act @returns {Promise<boolean>}  whether it is so now */
async function done(who, act) {
  try {
    await api[act.method](`${memberPath(who.username, '/api/admin')}/${act.what}`);
    forgetPages();
    toast(t(`admin.${act.key}_done`, { name: who.name }), { kind: 'ok' });
    return true;
  } catch (error) {
    toast(errorText(error), { kind: 'error' });
    return false;
  }
}
