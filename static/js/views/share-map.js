/** `/map/:id`: finds out whether there is such a map, lets one in, and shows the room. */
import { useEffect, useState } from 'preact/hooks';
import { api } from '../api.js';
import { loadConfig } from '../config.js';
import { html } from '../html.js';
import { t } from '../i18n.js';
import { location, navigate } from '../router.js';
import { person } from '../session.js';
import { AccountGate, Gate } from '../share-map/gate.js';
import { NotYet, Over, ShownOut } from '../share-map/over.js';
import { phaseOf } from '../share-map/page-phase.js';
import { RoomView } from '../share-map/room-view.js';
import { Loading } from '../ui/spinner.js';

/**
 * @typedef {{code: string, message: string}} Problem
 * @typedef {{shareMap: import('../types.js').ShareMap, config: import('../types.js').Config}} Found
 */

/** @param {string} id */
async function find(id) {
  const [{ share_map: shareMap }, config] = await Promise.all([
    api.get(`/api/share-maps/${encodeURIComponent(id)}`), loadConfig(),
  ]);
  return { shareMap, config };
}

/** @param {{params: Record<string, string>}} props */
export default function ShareMapPage({ params }) {
  const [found, setFound] = useState(/** @type {Found | null} */ (null));
  const [problem, setProblem] = useState(/** @type {Problem | null} */ (null));
  const [refusal, setRefusal] = useState(/** @type {Problem | null} */ (null));
  const [fresh] = useState(() => location.peek().query.has('new'));
  const ask = () => {
    setProblem(null);
    setRefusal(null);
    find(params.id).then(setFound, setProblem);
  };
  useEffect(ask, [params.id]);
  useEffect(() => {
    // A reload, or a link copied from the address bar, is not a new map any more.
    if (fresh) navigate(`/map/${params.id}`, { replace: true });
  }, []);

  const phase = phaseOf({ shareMap: found?.shareMap ?? null, problem, refusal, person: person.value });
  if (phase.name === 'over') return html`<${Over} id=${params.id} code=${phase.code} />`;
  if (phase.name === 'out') return html`<${ShownOut} code=${phase.code} onRetry=${ask} />`;
  if (phase.name === 'failed') return html`<${NotYet} title=${t('broken.title')} text=${t('broken.text')} onRetry=${ask} testId="map-failed" />`;
  if (phase.name === 'full') return html`<${NotYet} title=${t('map.room_full')} text=${t('map.room_full_text')} onRetry=${ask} testId="map-full" />`;
  if (!found) return html`<${Loading} />`;
  if (phase.name === 'account') return html`<${AccountGate} shareMap=${found.shareMap} />`;
  if (phase.name === 'gate') return html`<${Gate} shareMap=${found.shareMap} onEntered=${() => setRefusal(null)} />`;
  return html`<${RoomView} key=${person.value?.id} shareMap=${found.shareMap} config=${found.config} fresh=${fresh} onRefused=${setRefusal} />`;
}
