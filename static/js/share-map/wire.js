/**
 * Shapes of the messages of a map room, as `wagu/realtime/PROTOCOL.md` defines them. Types only.
 *
 * @typedef {import('../types.js').LatLng} LatLng
 * @typedef {[number, number, number]} View  latitude, longitude, zoom
 *
 * @typedef {import('../types.js').PersonRef} PersonRef
 * @typedef {import('../types.js').RoomPerson} RoomPerson
 * @typedef {import('../types.js').Nominee} Nominee
 * @typedef {import('../types.js').Ballot} Ballot
 * @typedef {import('../types.js').Joined} Joined
 * @typedef {Joined['you']} You
 * @typedef {NonNullable<Ballot['result']>} BallotResult
 *
 * @typedef {{at?: LatLng | null, view?: View | null}} Look
 *
 * @typedef {Joined
 *   | {type: 'person', person: RoomPerson}
 *   | {type: 'gone', id: string}
 *   | {type: 'ended', code: string, message: string}
 *   | {type: 'ballot', ballot: Ballot}
 *   | {type: 'votes', round: number, mine: string[]}} RoomMessage
 */

export {};
