/** Whose records one looked at last, on this device. */

const KEY = 'wagu.feed';

/** @param {Pick<Storage, 'getItem'>} [storage] */
export function lastScope(storage = localStorage) {
  try {
    return storage.getItem(KEY) ?? '';
  } catch {
    return '';
  }
}

/** @param {string} scope @param {Pick<Storage, 'setItem'>} [storage] */
export function rememberScope(scope, storage = localStorage) {
  try {
    storage.setItem(KEY, scope);
  } catch {
    // A private window without storage begins with everyone's.
  }
}
