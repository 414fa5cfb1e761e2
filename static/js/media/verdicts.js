/** What a refusal means for a connection that wants to stay. */

/** Trying again cannot help. */
export const FINAL = new Set(['live.ended', 'live.unknown', 'live.not_host', 'auth.required', 'auth.wrong_token', 'media.bad_offer', 'media.replaced',
  'stage.not_invited', 'room.banned', 'room.network_banned']);

/** There is nothing to connect to yet. */
export const EARLY = new Set(['media.no_publication']);
