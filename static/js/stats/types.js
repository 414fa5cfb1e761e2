/**
 * What `GET /api/media/stats` answers; units in media/README.md, "Statistics".
 *
 * @typedef {object} Layer
 * @property {string} rid
 * @property {number} ssrc
 * @property {number} height
 * @property {number} bitrate
 * @property {number} packets
 * @property {number} lost
 * @property {number | null} loss
 * @property {number} jitter
 * @property {number | null} rtt
 * @property {boolean} watched
 *
 * @typedef {object} Publication
 * @property {'audio' | 'video'} kind
 * @property {string} codec
 * @property {boolean} muted
 * @property {Layer[]} layers
 *
 * @typedef {object} Subscription
 * @property {'audio' | 'video'} kind
 * @property {string} codec
 * @property {number} ssrc
 * @property {string | null} rid
 * @property {number} height
 * @property {number} bitrate
 * @property {number} packets
 * @property {number} resent
 * @property {number} dropped
 * @property {number} switches
 * @property {number} freezes
 * @property {number | null} lost
 * @property {number | null} loss
 * @property {number | null} jitter
 * @property {number | null} rtt
 *
 * @typedef {object} Peer
 * @property {'talk' | 'publish' | 'guest' | 'watch'} role
 * @property {boolean} connected
 * @property {number | null} estimate
 * @property {number | null} remb
 * @property {Publication[]} publishes
 * @property {Subscription[]} receives
 *
 * @typedef {{room: string, peers: Record<string, Peer>}} Room
 * @typedef {{at: number, received_bytes: number, sent_bytes: number, dropped: Record<string, number>, streams: Record<string, number>, rooms: Room[]}} MediaStats
 */
export {};
