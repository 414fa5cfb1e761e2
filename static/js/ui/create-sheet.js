/** What the big + offers. */
import { html } from '../html.js';
import { t } from '../i18n.js';
import { Icon } from './icon.js';
import { Sheet } from './sheet.js';

const CHOICES = [
  { name: 'meal', href: '/posts/new', icon: 'utensils' },
  { name: 'map', href: '/vote?new=1', icon: 'map-pinned' },
  { name: 'live', href: '/live/new', icon: 'radio' },
];

/** @param {{open: boolean, onClose: () => void}} props */
export function CreateSheet({ open, onClose }) {
  return html`
    <${Sheet} open=${open} onClose=${onClose} title=${t('create.title')}>
      <ul class="choices">
        ${CHOICES.map(
          ({ name, href, icon }) => html`
            <li key=${name}>
              <a class="choice" href=${href} onClick=${onClose}>
                <span class="choice-icon"><${Icon} name=${icon} size=${28} /></span>
                <span class="choice-words"><b>${t(`create.${name}`)}</b><span class="muted small">${t(`create.${name}_text`)}</span></span>
                <${Icon} name="chevron-right" size=${20} />
              </a>
            </li>
          `,
        )}
      </ul>
    <//>
  `;
}
