/** The pages of one's account: the way around them beside them on a desktop, a way back on a phone. */
import { useEffect } from 'preact/hooks';
import { html } from '../html.js';
import { errorText, t } from '../i18n.js';
import { person, requirePerson } from '../session.js';
import { Button, IconButton } from '../ui/button.js';
import { EmptyState } from '../ui/empty-state.js';
import { Icon } from '../ui/icon.js';
import { Page } from '../ui/page.js';
import { Loading } from '../ui/spinner.js';
import { useAccount } from './use-account.js';

const PAGES = [
  { name: 'edit', icon: 'user' },
  { name: 'security', icon: 'shield' },
  { name: 'blocks', icon: 'ban' },
  { name: 'data', icon: 'download' },
];

/** @param {{here?: string, words?: boolean}} props  words: with a line about each */
export function AccountMenu({ here = '', words = false }) {
  return html`
    <nav class="account-menu" aria-label=${t('account.menu')}>
      <ul>
        ${PAGES.map(
          ({ name, icon }) => html`
            <li key=${name}>
              <${MenuLink} href=${`/me/${name}`} here=${name === here} icon=${icon} name=${t(`account.${name}`)} text=${words && t(`account.${name}_text`)} />
            </li>
          `,
        )}
        ${person.value?.admin && html`<li><${MenuLink} href="/admin" here=${false} icon="settings" name=${t('admin.title')} text=${words && t('admin.menu_text')} /></li>`}
      </ul>
    </nav>
  `;
}

/** @param {{href: string, here: boolean, icon: string, name: string, text: string | false}} props */
function MenuLink({ href, here, icon, name, text }) {
  return html`
    <a href=${href} aria-current=${here ? 'page' : undefined}>
      <${Icon} name=${icon} size=${22} />
      <span class="account-menu-words"><b>${name}</b>${text && html`<span class="muted small">${text}</span>`}</span>
      <${Icon} name="chevron-right" size=${20} />
    </a>
  `;
}

/**
 * @param {{here: 'edit' | 'security' | 'blocks' | 'data', view: (state: import('./use-account.js').AccountState) => unknown}} props
 */
export function AccountFrame({ here, view }) {
  useEffect(() => void requirePerson(), []);
  return person.value?.kind === 'member' ? html`<${Frame} here=${here} view=${view} />` : null;
}

/** @param {{here: string, view: (state: import('./use-account.js').AccountState) => unknown}} props */
function Frame({ here, view }) {
  const { account, error, change, reload } = useAccount();
  const back = html`<${IconButton} class="account-back" icon="arrow-left" label=${t('account.back')} href="/me" />`;
  return html`
    <${Page} name="account" title=${t(`account.${here}`)} text=${t(`account.${here}_text`)} actions=${back}>
      <div class="account-columns">
        <${AccountMenu} here=${here} />
        <div class="account-body">
          ${account
            ? view({ account, change, reload })
            : error
              ? html`<${EmptyState} title=${errorText(error)}><${Button} icon="refresh-cw" onClick=${reload}>${t('retry')}<//><//>`
              : html`<${Loading} />`}
        </div>
      </div>
    <//>
  `;
}

/** A part of such a page. @param {{title: string, text?: string, children?: unknown, danger?: boolean, testId?: string}} props */
export function Section({ title, text, children, danger = false, testId }) {
  return html`
    <section class=${`account-section${danger ? ' danger' : ''}`} data-testid=${testId}>
      <h2>${title}</h2>
      ${text && html`<p class="muted">${text}</p>`}
      ${children}
    </section>
  `;
}
