/** The page of whoever runs the service: nodes and rooms as they are now, reports, members, storage. Admins only. */
import { Members } from '../admin/members.js';
import { Overview } from '../admin/overview.js';
import { Reports } from '../admin/reports.js';
import { Storage } from '../admin/storage.js';
import { ChoiceLinks } from '../finding/choice-links.js';
import { html } from '../html.js';
import { t } from '../i18n.js';
import { location } from '../router.js';
import { person } from '../session.js';
import { Button } from '../ui/button.js';
import { EmptyState } from '../ui/empty-state.js';
import { Page } from '../ui/page.js';

/** @type {Record<string, () => unknown>} */
const TABS = { overview: Overview, reports: Reports, members: Members, storage: Storage };

export default function Admin() {
  const asked = location.value.query.get('tab') ?? '';
  const tab = asked in TABS ? asked : 'overview';
  const figures = html`<${Button} kind="glass" class="compact" icon="signal" href="/stats">${t('stats.title')}<//>`;
  if (person.value?.admin !== true) {
    return html`<${Page} title=${t('admin.title')} name="admin"><${EmptyState} title=${t('stats.admins_only')} /><//>`;
  }
  const choices = Object.keys(TABS).map((name) => ({ name, href: `/admin?tab=${name}`, text: t(`admin.${name}`) }));
  return html`
    <${Page} title=${t('admin.title')} text=${t('admin.intro')} name="admin" actions=${figures}>
      <${ChoiceLinks} label=${t('admin.tabs')} current=${tab} choices=${choices} />
      <div class="admin-tab" key=${tab}><${TABS[tab]} /></div>
    <//>
  `;
}
