/** Tells that the room's connection was lost, when it will be tried again, and lets one try at once. */
import { useEffect, useState } from 'preact/hooks';
import { html } from '../html.js';
import { locale, t } from '../i18n.js';
import { warm } from '../warm.js';
import { Icon } from './icon.js';

const PATIENCE = 1500; // ms; a connection that is back sooner was no news

/** @param {{socket: import('../socket.js').RoomSocket}} props */
export function ConnectionBanner({ socket }) {
  const state = socket.state.value;
  const down = state === 'retrying' || state === 'connecting';
  const [now, setNow] = useState(Date.now());
  const [since, setSince] = useState(/** @type {number | null} */ (null));
  useEffect(() => warm([t('error.network')], []), [locale.value]);
  useEffect(() => {
    setSince(down ? Date.now() : null);
    if (!down) return undefined;
    const timer = setInterval(() => setNow(Date.now()), 250);
    return () => clearInterval(timer);
  }, [down]);
  if (!down || since === null || now - since < PATIENCE) return html`<${Unseen} />`;
  const seconds = Math.ceil((socket.retryAt.value - now) / 1000);
  const text = seconds > 0 ? t('connection.retrying', { n: seconds }) : t('connection.connecting');
  return html`
    <div class="connection" role="status" data-testid="connection-banner">
      <${Icon} name="wifi-off" size=${20} />
      <span>${text}</span>
      ${seconds > 0 && html`<button type="button" onClick=${() => socket.reconnect()}>${t('connection.try_now')}</button>`}
    </div>
  `;
}

/**
 * The letters and the icon of the banner, drawn where nobody sees them while there is a connection:
 * the web font comes in small pieces, and the pieces of these words may not be here yet.
 */
function Unseen() {
  return html`
    <span class="sr-only" aria-hidden="true">
      <${Icon} name="wifi-off" />${t('connection.retrying', { n: '0123456789' })}${t('connection.connecting')}<b>${t('connection.try_now')}</b>
    </span>
  `;
}
