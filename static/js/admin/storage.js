/** How much room everything takes, and every recording with its size. */
import { useState } from 'preact/hooks';
import { api } from '../api.js';
import { html } from '../html.js';
import { errorText, t } from '../i18n.js';
import { useFetched } from '../poll.js';
import { Button } from '../ui/button.js';
import { ask } from '../ui/dialog.js';
import { Pager, forgetPages, usePages } from '../ui/pager.js';
import { toast } from '../ui/toast.js';
import { Part, Row, day, size } from './parts.js';

const EVERY = 30_000; // ms

/**
 * @typedef {{count: number, size: number}} Pile
 * @typedef {object} Room
 * @property {'sqlite' | 'postgresql'} database
 * @property {number} database_size
 * @property {'folder' | 'bucket'} objects
 * @property {Pile} photos
 * @property {Pile} recordings
 * @property {{free: number, total: number} | null} disk
 * @typedef {{id: string, live: string, title: string, host: string, size: number, seconds: number | null, created_at: number}} Kept
 */

export function Storage() {
  const storage = useFetched('/api/admin/storage', (body) => /** @type {Room} */ (body), { every: EVERY });
  return html`
    <${Part} title=${t('admin.room')} fetched=${storage} testId="admin-storage">
      ${(/** @type {Room} */ room) => html`<dl class="admin-figures">${figures(room).map(([name, value, note]) => html`<div key=${name}><dt>${name}</dt><dd>${value}</dd><dd class="muted small">${note}</dd></div>`)}</dl>`}
    <//>
    <${Recordings} />
  `;
}

/** @param {Room} room */
function figures({ database, database_size, objects, photos, recordings, disk }) {
  const where = t(`admin.in_${objects}`);
  const of = (/** @type {Pile} */ pile) => `${t('admin.objects', { n: pile.count })} · ${where}`;
  return [
    [t('admin.database'), size(database_size), database === 'sqlite' ? 'SQLite' : 'PostgreSQL'],
    [t('admin.photos'), size(photos.size), of(photos)],
    [t('admin.recordings'), size(recordings.size), of(recordings)],
    ...(disk ? [[t('admin.free'), size(disk.free), t('admin.of_total', { total: size(disk.total) })]] : []),
  ];
}

function Recordings() {
  const pages = usePages('/api/admin/recordings', (body) => /** @type {Kept[]} */ (body.recordings));
  const [gone, setGone] = useState(/** @type {string[]} */ ([]));
  const left = pages.items.filter(({ live }) => !gone.includes(live));
  const remove = async (/** @type {Kept} */ kept) => {
    if (await removed(kept)) setGone((lives) => [...lives, kept.live]);
  };
  return html`
    <section class="admin-part" data-testid="admin-recordings">
      <h2>${t('admin.recordings')}</h2>
      ${pages.state === 'end' && left.length === 0 && html`<p class="muted">${t('admin.no_recordings')}</p>`}
      <ul class="admin-list">
        ${left.map((kept) => {
          const facts = [size(kept.size), ...(kept.seconds === null ? [] : [t('admin.minutes', { n: Math.max(1, Math.round(kept.seconds / 60)) })]), `@${kept.host}`, day(kept.created_at)];
          const label = t('admin.remove_recording_of', { title: kept.title });
          return html`
            <li key=${kept.id}>
              <${Row} name=${kept.title} href=${`/live/${kept.live}`} facts=${facts}>
                <${Button} kind="secondary" class="compact" aria-label=${label} onClick=${() => remove(kept)}>${t('admin.remove_recording')}<//>
              <//>
            </li>
          `;
        })}
      </ul>
      <${Pager} pages=${pages} />
    </section>
  `;
}

/** All files of that live. @param {Kept} kept */
async function removed({ live, title }) {
  const question = { title: t('admin.remove_recording_ask', { title }), text: t('admin.remove_recording_text'), yes: t('admin.remove_recording'), danger: true };
  if (!(await ask(question))) return false;
  try {
    await api.delete(`/api/lives/${live}/recordings`);
    forgetPages();
    return true;
  } catch (error) {
    toast(errorText(error), { kind: 'error' });
    return false;
  }
}
