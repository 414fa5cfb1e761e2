/** Buttons that lead to the sign-ins which this server offers; afterwards one is where one wanted to be. */
import { useEffect } from 'preact/hooks';
import { config, loadConfig } from '../config.js';
import { html } from '../html.js';
import { t } from '../i18n.js';
import { ProviderMark } from './provider-mark.js';
import { isKnown, startPath } from './providers.js';
import { rememberNext } from './next.js';

/** @param {{next: string}} props */
export function ProviderButtons({ next }) {
  useEffect(() => void loadConfig().catch(() => {}), []); // without them there is still the form
  const offered = config.value?.sign_in ?? [];
  if (offered.length === 0) return null;
  return html`
    <section class="providers" aria-label=${t('auth.providers')}>
      <p class="providers-or"><span>${t('auth.or')}</span></p>
      <ul>
        ${offered.map(
          ({ provider, name }) => html`
            <li key=${provider}>
              <a class=${`provider ${isKnown(provider) ? provider : 'other'}`} href=${startPath(provider, { next })} target="_self" onClick=${() => rememberNext(next)}>
                <${ProviderMark} provider=${provider} />
                <span>${isKnown(provider) ? t(`auth.with_${provider}`) : t('auth.with_other', { name })}</span>
              </a>
            </li>
          `,
        )}
      </ul>
    </section>
  `;
}
