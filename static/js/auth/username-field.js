/** A username that says, while it is typed, whether it is free. */
import { useEffect, useState } from 'preact/hooks';
import { api } from '../api.js';
import { html } from '../html.js';
import { errorText, t } from '../i18n.js';
import { Field } from '../ui/field.js';

const PAUSE = 350; // ms without a key; a question per letter would be noise

/** @param {{value: string, onValue: (value: string) => void, error?: string | null}} props */
export function UsernameField({ value, onValue, error = null }) {
  const verdict = useAvailability(value);
  const taken = verdict && !verdict.available ? errorText({ code: verdict.code }) : null;
  return html`
    <${Field}
      name="username"
      label=${t('auth.username')}
      value=${value}
      onValue=${onValue}
      error=${error ?? taken}
      ok=${verdict?.available ? t('auth.username_free') : undefined}
      hint=${t('auth.username_hint')}
      autocomplete="username"
      autocapitalize="none"
      spellcheck=${false}
      maxlength="30"
    />
  `;
}

/**
 * The server's verdict on what is typed; null while there is none. Not reaching it is no verdict:
 * signing up will tell.
 *
 * @param {string} username
 */
function useAvailability(username) {
  const [verdict, setVerdict] = useState(/** @type {{of: string, available: boolean, code: string} | null} */ (null));
  useEffect(() => {
    if (!username.trim()) return undefined;
    let outdated = false;
    const timer = setTimeout(async () => {
      const path = `/api/members/available?username=${encodeURIComponent(username)}`;
      const answer = await api.get(path).catch(() => null);
      if (!outdated && answer) setVerdict({ of: username, available: answer.available, code: answer.code });
    }, PAUSE);
    return () => {
      outdated = true;
      clearTimeout(timer);
    };
  }, [username]);
  return verdict?.of === username ? verdict : null;
}
