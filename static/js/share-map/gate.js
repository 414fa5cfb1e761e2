/** Before the room: a name, or an account where the host wants one. */
import { useState } from 'preact/hooks';
import { html } from '../html.js';
import { errorText, t } from '../i18n.js';
import { location } from '../router.js';
import { enterAsGuest } from '../session.js';
import { FriendsMap } from '../ui/art.js';
import { Button } from '../ui/button.js';
import { Field } from '../ui/field.js';
import { LanguageSwitch } from '../ui/language-switch.js';
import { useTitle } from '../ui/title.js';

/** @typedef {{shareMap: import('../types.js').ShareMap}} Props */

const next = () => `?next=${encodeURIComponent(location.value.path)}`;

/** @param {Props & {children: unknown}} props */
function Door({ shareMap, children }) {
  useTitle(shareMap.title);
  return html`
    <div class="door" data-testid="gate">
      <div class="door-card">
        <${FriendsMap} />
        <p class="door-host">${t('map.gate_host', { name: shareMap.host.name })}</p>
        <h1>${shareMap.title}</h1>
        ${children}
        <footer class="door-foot"><${LanguageSwitch} /></footer>
      </div>
    </div>
  `;
}

/** @param {Props & {onEntered: () => void}} props */
export function Gate({ shareMap, onEntered }) {
  const [name, setName] = useState('');
  const [error, setError] = useState(/** @type {unknown} */ (null));
  const [busy, setBusy] = useState(false);
  const enter = async (/** @type {Event} */ event) => {
    event.preventDefault();
    if (busy || !name.trim()) return;
    setBusy(true);
    setError(null);
    try {
      await enterAsGuest(name.trim());
      onEntered();
    } catch (problem) {
      setError(problem);
      setBusy(false);
    }
  };
  return html`
    <${Door} shareMap=${shareMap}>
      <p class="muted">${t('map.gate_text')}</p>
      <form class="door-form" onSubmit=${enter}>
        <${Field} label=${t('map.gate_name')} value=${name} onValue=${setName} maxlength="20" autocomplete="nickname" autofocus
          enterkeyhint="go" error=${error ? errorText(error) : null} hint=${t('map.gate_hint')} />
        <${Button} type="submit" wide busy=${busy} disabled=${!name.trim()}>${t('map.gate_enter')}<//>
      </form>
      <p class="small muted">${t('map.gate_member')} <a href=${`/login${next()}`}>${t('map.gate_login')}</a></p>
    <//>
  `;
}

/** @param {Props} props */
export function AccountGate({ shareMap }) {
  return html`
    <${Door} shareMap=${shareMap}>
      <p class="muted">${t('map.gate_account')}</p>
      <div class="door-form stack tight">
        <${Button} wide icon="log-in" href=${`/login${next()}`}>${t('map.gate_login')}<//>
        <${Button} wide kind="secondary" href=${`/signup${next()}`}>${t('map.gate_signup')}<//>
      </div>
    <//>
  `;
}
