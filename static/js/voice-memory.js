/**
 * That the voice was on when the page was left, so that a reload brings it back. Kept per tab
 * (sessionStorage): a new tab does not start to record by itself.
 *
 * @typedef {{room: string, muted: boolean, listening: boolean}} Kept
 */

const KEY = 'wagu.voice';

/** @param {Pick<Storage, 'setItem'>} storage @param {Kept} kept */
export function keep(storage, kept) {
  try {
    storage.setItem(KEY, JSON.stringify(kept));
  } catch {
    // Without storage the voice has to be switched on again after a reload.
  }
}

/** @param {Pick<Storage, 'removeItem'>} storage */
export function forget(storage) {
  try {
    storage.removeItem(KEY);
  } catch {
    // See above.
  }
}

/**
 * @param {Pick<Storage, 'getItem'>} storage
 * @param {string} room
 * @returns {Kept | null}  null unless the voice was on in this very room
 */
export function kept(storage, room) {
  try {
    const value = JSON.parse(storage.getItem(KEY) ?? 'null');
    if (value?.room !== room) return null;
    return { room, muted: value.muted === true, listening: value.listening === true };
  } catch {
    return null;
  }
}
