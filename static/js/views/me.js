/** One's own page: who one is here, the way to all that is one's own, the language, and the way out. */
import { useEffect, useState } from 'preact/hooks';
import { AccountMenu } from '../account/frame.js';
import { config, loadConfig } from '../config.js';
import { html } from '../html.js';
import { errorText, t } from '../i18n.js';
import { memberPath } from '../people/paths.js';
import { location, navigate } from '../router.js';
import { enterAsGuest, logOut, person } from '../session.js';
import { FriendsMap } from '../ui/art.js';
import { Avatar } from '../ui/avatar.js';
import { Button } from '../ui/button.js';
import { ask } from '../ui/dialog.js';
import { EmptyState } from '../ui/empty-state.js';
import { Field } from '../ui/field.js';
import { LanguageSwitch } from '../ui/language-switch.js';
import { Page } from '../ui/page.js';
import { toast } from '../ui/toast.js';

export default function Me() {
  const who = person.value;
  useEffect(() => void loadConfig().catch(() => {}), []);
  useEffect(toSignIns, []);
  return html`
    <${Page} title=${t('me.title')} name="me">
      <div class="me-box">
        ${who ? html`<${Card} who=${who} />` : html`<${Nobody} />`}
        ${who?.kind === 'member' && html`<${AccountMenu} words />`}
        ${who?.kind === 'guest' && html`<${Guest} who=${who} />`}
        <section class="me-row"><h2>${t('me.language')}</h2><${LanguageSwitch} /></section>
        ${who && html`<${Button} kind="secondary" icon="log-out" onClick=${() => leave(who.kind === 'guest')}>${t('me.logout')}<//>`}
        ${config.value && html`<p class="muted small me-version">${brandOf(config.value.name)} · ${t('me.version', { version: config.value.version })}</p>`}
      </div>
    <//>
  `;
}

/** A provider that was to be linked came back with a failure: it belongs beside the sign-ins. */
function toSignIns() {
  const error = location.peek().query.get('error');
  if (error) navigate(`/me/security?${new URLSearchParams({ error })}`, { replace: true });
}

/** The server's own name where it has one; ours is written as the reader writes it. @param {string} name */
const brandOf = (name) => (name === '와구북' ? t('app.name') : name);

/** @param {{who: import('../types.js').SessionPerson}} props */
function Card({ who }) {
  return html`
    <section class="me-card">
      <${Avatar} person=${who} size=${72} />
      <div>
        <h2>${who.name}</h2>
        <p class="muted">
          ${who.kind === 'member' ? `@${who.username}` : t('me.guest')}
          ${who.admin && html` <span class="me-admin">${t('me.admin')}</span>`}
        </p>
        ${who.username && html`<a class="me-profile" href=${memberPath(who.username)}>${t('me.profile')}</a>`}
      </div>
    </section>
  `;
}

function Nobody() {
  return html`
    <${EmptyState} art=${html`<${FriendsMap} />`} title=${t('me.nobody')} text=${t('me.nobody_text')}>
      <${Button} href="/signup">${t('auth.signup')}<//>
      <${Button} kind="secondary" href="/login">${t('auth.login')}<//>
    <//>
  `;
}

/** @param {{who: import('../types.js').SessionPerson}} props */
function Guest({ who }) {
  const [name, setName] = useState(who.name);
  const [error, setError] = useState(/** @type {unknown} */ (null));
  const rename = async (/** @type {Event} */ event) => {
    event.preventDefault();
    try {
      await enterAsGuest(name);
      setError(null);
      toast(t('me.renamed'), { kind: 'ok' });
    } catch (reason) {
      setError(reason);
    }
  };
  return html`
    <form class="me-rename" onSubmit=${rename} novalidate>
      <${Field} label=${t('me.rename')} name="name" value=${name} onValue=${setName} maxlength="20" error=${error ? errorText(error) : null}
        trailing=${html`<${Button} kind="quiet" type="submit" disabled=${!name.trim() || name === who.name}>${t('save')}<//>`} />
    </form>
    <p class="me-upgrade"><span>${t('me.guest_text')}</span> <a href="/signup">${t('auth.signup')}</a> · <a href="/login">${t('auth.login')}</a></p>
  `;
}

/** A guest has no password to come back with, so is asked first. @param {boolean} guest */
async function leave(guest) {
  if (guest && !(await ask({ title: t('me.logout_title'), text: t('me.logout_guest'), yes: t('me.logout'), danger: true }))) return;
  try {
    await logOut();
    toast(t('auth.bye'));
    navigate('/');
  } catch (error) {
    toast(errorText(error), { kind: 'error' });
  }
}
