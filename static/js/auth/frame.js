/** The frame of the log-in, sign-up and set-up pages: a warm side, and the form on its sheet. */
import { useEffect } from 'preact/hooks';
import { html } from '../html.js';
import { safeNext } from '../match.js';
import { location, navigate } from '../router.js';
import { person } from '../session.js';
import { Icon } from '../ui/icon.js';
import { LanguageSwitch } from '../ui/language-switch.js';
import { Page } from '../ui/page.js';
import { FriendsMap } from '../ui/art.js';

/** A member has no business here. */
export function useMembersGoOn() {
  useEffect(() => {
    if (person.peek()?.kind === 'member') navigate(safeNext(location.peek().query.get('next')), { replace: true });
  }, []);
}

/** @param {{title: string, text: string, children?: unknown}} props */
export function AuthFrame({ title, text, children }) {
  return html`
    <${Page} name="auth" title=${title} text=${text} top=${html`<div class="auth-art"><${FriendsMap} /></div>`}>
      <div class="auth-box">${children}<footer class="auth-foot"><${LanguageSwitch} /></footer></div>
    <//>
  `;
}

/** What went wrong with the form as a whole. @param {{text: string | null}} props */
export function Problem({ text }) {
  return html`<p class=${`problem${text ? '' : ' none'}`} role="alert">
    ${text && html`<${Icon} name="circle-alert" size=${20} />`}<span>${text}</span>
  </p>`;
}
