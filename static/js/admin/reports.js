/** What people reported, the newest first: to look at, to act on, and to close. */
import { useState } from 'preact/hooks';
import { api } from '../api.js';
import { html } from '../html.js';
import { errorText, relativeTime, t } from '../i18n.js';
import { memberPath } from '../people/paths.js';
import { Button } from '../ui/button.js';
import { ask } from '../ui/dialog.js';
import { EmptyState } from '../ui/empty-state.js';
import { Pager, forgetPages, usePages } from '../ui/pager.js';
import { toast } from '../ui/toast.js';
import { Row } from './parts.js';

/**
 * @typedef {{username: string, name: string}} Somebody
 * @typedef {object} Report
 * @property {number} id
 * @property {Somebody} reporter
 * @property {Somebody} member
 * @property {'active' | 'suspended' | 'closed'} standing
 * @property {{id: number, excerpt: string} | null} post
 * @property {{id: string, title: string, state: string} | null} live
 * @property {string} reason
 * @property {string} text
 * @property {number} created_at
 *
 * @typedef {{key: string, does: () => Promise<unknown>}} Act
 */

export function Reports() {
  const pages = usePages('/api/admin/reports', (body) => /** @type {Report[]} */ (body.reports));
  const [closed, setClosed] = useState(/** @type {number[]} */ ([]));
  const open = pages.items.filter(({ id }) => !closed.includes(id));
  return html`
    <section class="admin-part" data-testid="admin-reports">
      ${pages.state === 'end' && open.length === 0 && html`<${EmptyState} title=${t('admin.no_reports')} />`}
      <ul class="admin-list">
        ${open.map((report) => html`<li key=${report.id}><${ReportRow} report=${report} onClosed=${() => setClosed((ids) => [...ids, report.id])} /></li>`)}
      </ul>
      <${Pager} pages=${pages} />
    </section>
  `;
}

/** @param {{report: Report, onClosed: () => void}} props */
function ReportRow({ report, onClosed }) {
  const { post, live, member, reporter, reason, text, created_at: at } = report;
  const [busy, setBusy] = useState(false);
  const kind = post ? 'post' : live ? 'live' : 'member';
  const href = post ? `/posts/${post.id}` : live ? `/live/${live.id}` : memberPath(member.username);
  const name = (post ? post.excerpt : live?.title) || member.name;
  const whose = kind === 'member' ? `@${member.username}` : t('admin.report_of', { name: member.name });
  const facts = [whose, t('admin.report_by', { name: reporter.name }), relativeTime(at, Date.now()), ...(text ? [`“${text}”`] : [])];
  const press = async (/** @type {Act} */ act) => {
    if (act.key !== 'dismiss' && !(await sure(report, act))) return;
    setBusy(true);
    if (await done(report, act)) onClosed();
    else setBusy(false);
  };
  return html`
    <${Row} name=${name} href=${href} tags=${[t(`admin.report_${kind}`), t(`report.reason_${reason}`)]} facts=${facts}>
      ${actsOn(report).map((act) => html`<${Button} key=${act.key} kind="secondary" class="compact" busy=${busy} onClick=${() => press(act)}>${t(`admin.${act.key}`)}<//>`)}
    <//>
  `;
}

/** @param {Report} report @returns {Act[]} */
function actsOn({ post, live, member, standing }) {
  const suspension = `${memberPath(member.username, '/api/admin')}/suspension`;
  return [
    ...(post ? [{ key: 'delete_post', does: () => api.delete(`/api/posts/${post.id}`) }] : []),
    ...(live && live.state !== 'ended' ? [{ key: 'end_live', does: () => api.delete(`/api/lives/${live.id}`) }] : []),
    ...(standing === 'active' ? [{ key: 'suspend', does: () => api.put(suspension) }] : []),
    { key: 'dismiss', does: async () => {} },
  ];
}

/** @param {Report} report @param {Act} act */
const sure = ({ member: { name } }, { key }) => ask({ title: t(`admin.${key}_ask`, { name }), text: t(`admin.${key}_text`), yes: t(`admin.${key}`), danger: true });

/** The report is closed by whatever is done. @param {Report} report @param {Act} act */
async function done({ id }, { does }) {
  try {
    await does();
    await api.delete(`/api/admin/reports/${id}`);
    forgetPages();
    toast(t('admin.report_closed'), { kind: 'ok' });
    return true;
  } catch (error) {
    toast(errorText(error), { kind: 'error' });
    return false;
  }
}
