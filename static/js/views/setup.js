/** The one-time link in the log of a new server: whoever opens it becomes the administrator. */
import { AuthFrame } from '../auth/frame.js';
import { SignUpForm } from '../auth/sign-up-form.js';
import { html } from '../html.js';
import { errorText, t } from '../i18n.js';
import { useFetched } from '../poll.js';
import { person } from '../session.js';
import { LockedCamera } from '../ui/art.js';
import { Button } from '../ui/button.js';
import { EmptyState } from '../ui/empty-state.js';
import { Loading } from '../ui/spinner.js';

/** @param {{params: Record<string, string>}} props */
export default function Setup({ params }) {
  const path = `/api/setup/${encodeURIComponent(params.token)}`;
  const { data: valid, error, reload } = useFetched(path, (body) => Boolean(body.valid));
  return html`
    <${AuthFrame} title=${t('auth.setup_title')} text=${t('auth.setup_text')}>
      ${error && valid === null
        ? html`<${EmptyState} title=${errorText(error)}><${Button} icon="refresh-cw" onClick=${reload}>${t('retry')}<//><//>`
        : valid === null
          ? html`<${Loading} />`
          : valid
            ? html`<${SignUpForm} setupToken=${params.token} submitLabel=${t('auth.setup_submit')} />`
            : html`<${EmptyState} art=${html`<${LockedCamera} />`} title=${t('auth.setup_invalid')} text=${t('auth.setup_invalid_text')}>
                ${person.value?.kind === 'member'
                  ? html`<${Button} href="/">${t('notfound.home')}<//>`
                  : html`<${Button} href="/login">${t('auth.login')}<//>`}
              <//>`}
    <//>
  `;
}
