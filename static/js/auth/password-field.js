/** A password that one may look at while typing. */
import { useState } from 'preact/hooks';
import { html } from '../html.js';
import { t } from '../i18n.js';
import { IconButton } from '../ui/button.js';
import { Field } from '../ui/field.js';

/**
 * @param {{value: string, onValue: (value: string) => void, error?: string | null, hint?: string, autocomplete: string, name?: string, label?: string}} props
 */
export function PasswordField({ name = 'password', label = t('auth.password'), ...props }) {
  const [shown, setShown] = useState(false);
  const eye = html`<${IconButton}
    icon=${shown ? 'eye-off' : 'eye'}
    label=${shown ? t('auth.password_hide') : t('auth.password_show')}
    onClick=${() => setShown(!shown)}
  />`;
  return html`<${Field} ...${props} name=${name} label=${label} type=${shown ? 'text' : 'password'} maxlength="200" trailing=${eye} />`;
}
