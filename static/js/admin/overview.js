/** The nodes of the service and the rooms that are open on them, as they are now. */
import { html } from '../html.js';
import { t } from '../i18n.js';
import { useFetched } from '../poll.js';
import { Part, Row, rate } from './parts.js';

const EVERY = 2000; // ms

/**
 * @typedef {{id: string, role: string, version: string, takes_rooms: boolean, rooms: number, sockets: number, asked: boolean}} Node
 * @typedef {{peers: Record<string, number>, bits_in: number, bits_out: number}} RoomMedia
 * @typedef {{node: string, label: string, kind: 'map' | 'live', live: string | null, people: number, media: RoomMedia | null}} OpenRoom
 */

export function Overview() {
  const nodes = useFetched('/api/admin/nodes', (body) => /** @type {Node[]} */ (body.nodes), { every: EVERY });
  const rooms = useFetched('/api/admin/rooms', (body) => /** @type {{rooms: OpenRoom[], silent: string[]}} */ (body), { every: EVERY });
  return html`
    <${Part} title=${t('admin.nodes')} fetched=${nodes} testId="admin-nodes">
      ${(/** @type {Node[]} */ all) => html`<ul class="admin-list">${all.map((node) => html`<li key=${node.id}><${NodeRow} node=${node} /></li>`)}</ul>`}
    <//>
    <${Part} title=${t('admin.rooms')} fetched=${rooms} testId="admin-rooms">
      ${(/** @type {{rooms: OpenRoom[], silent: string[]}} */ open) => html`
        ${open.silent.length > 0 && html`<p class="admin-old" role="status">${t('admin.silent', { nodes: open.silent.join(', ') })}</p>`}
        ${open.rooms.length === 0 && html`<p class="muted">${t('admin.no_rooms')}</p>`}
        <ul class="admin-list">${open.rooms.map((room) => html`<li key=${`${room.node} ${room.label}`}><${RoomRow} room=${room} /></li>`)}</ul>
      `}
    <//>
  `;
}

/** @param {{node: Node}} props */
function NodeRow({ node }) {
  const tags = [t(`admin.role_${node.role}`), node.asked ? t('admin.asked') : '', node.takes_rooms ? '' : t('admin.takes_none')].filter(Boolean);
  const facts = [t('admin.rooms_count', { n: node.rooms }), t('admin.sockets', { n: node.sockets }), t('me.version', { version: node.version })];
  return html`<${Row} name=${node.id} tags=${tags} facts=${facts} />`;
}

/** @param {{room: OpenRoom}} props */
function RoomRow({ room }) {
  const { media } = room;
  const peers = Object.entries(media?.peers ?? {}).map(([role, n]) => `${t(`stats.role.${role}`)} ${n}`);
  const flow = media && peers.length > 0 ? [`↑ ${rate(media.bits_in)}`, `↓ ${rate(media.bits_out)}`] : [];
  const facts = [t('admin.people', { n: room.people }), ...peers, ...flow, room.node];
  const href = room.live === null ? undefined : `/live/${room.live}`;
  return html`<${Row} name=${room.label} href=${href} tags=${[t(`admin.kind_${room.kind}`)]} facts=${facts} />`;
}
