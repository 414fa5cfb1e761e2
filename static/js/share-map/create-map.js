/** A new shared map: a title, and whether friends need an account. */
import { useState } from 'preact/hooks';
import { api } from '../api.js';
import { html } from '../html.js';
import { errorText, t } from '../i18n.js';
import { navigate } from '../router.js';
import { Button } from '../ui/button.js';
import { Field } from '../ui/field.js';
import { Sheet } from '../ui/sheet.js';
import { Switch } from '../ui/switch.js';

/** @param {{open: boolean, onClose: () => void}} props */
export function CreateMap({ open, onClose }) {
  const [title, setTitle] = useState('');
  const [account, setAccount] = useState(false);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState(/** @type {unknown} */ (null));
  const create = async (/** @type {Event} */ event) => {
    event.preventDefault();
    if (busy) return;
    setBusy(true);
    setError(null);
    try {
      const wish = { title: title.trim() || t('vote.default_title'), require_account: account };
      const { share_map: map } = await api.post('/api/share-maps', wish);
      navigate(`/map/${map.id}?new=1`);
    } catch (problem) {
      setError(problem);
      setBusy(false);
    }
  };
  return html`
    <${Sheet} open=${open} onClose=${onClose} title=${t('map.new')} testId="create-map">
      <form class="stack" onSubmit=${create}>
        <${Field} label=${t('vote.map_title')} optionalLabel=${t('optional')} value=${title} onValue=${setTitle} maxlength="60"
          placeholder=${t('vote.default_title')} autocomplete="off" enterkeyhint="done" error=${error ? errorText(error) : null} />
        <${Switch} label=${t('vote.require_account')} text=${t('vote.require_account_text')} on=${account} onSwitch=${setAccount} />
        <${Button} type="submit" wide icon="map-pinned" busy=${busy}>${t('vote.create')}<//>
      </form>
    <//>
  `;
}
