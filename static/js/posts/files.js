/**
 * Chosen photos on this device until their post is saved (IndexedDB): an upload that a reload cut short begins
 * again, and a photo that the server forgot after a day is sent once more. Where a browser keeps nothing,
 * they live as long as the page.
 */

const NAME = 'wagu';
const STORE = 'draft-photos';

/** @type {Promise<IDBDatabase> | null} */
let opened = null;

function open() {
  opened ??= new Promise((resolve, reject) => {
    const request = indexedDB.open(NAME, 1);
    request.onupgradeneeded = () => request.result.createObjectStore(STORE);
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
  return opened;
}

/**
 * @template T
 * @param {IDBTransactionMode} mode @param {(store: IDBObjectStore) => IDBRequest<T>} act
 * @returns {Promise<T | undefined>}
 */
async function within(mode, act) {
  try {
    const database = await open();
    return await new Promise((resolve, reject) => {
      const transaction = database.transaction(STORE, mode);
      const request = act(transaction.objectStore(STORE));
      transaction.oncomplete = () => resolve(request.result);
      transaction.onerror = transaction.onabort = () => reject(transaction.error);
    });
  } catch {
    return undefined; // a private window, or no room: then it is not kept
  }
}

/** @param {string} key @param {Blob} file */
export const keepFile = (key, file) => within('readwrite', (store) => store.put(file, key));

/** @param {string} key @returns {Promise<Blob | undefined>} */
export const keptFile = (key) => within('readonly', (store) => store.get(key));

/** @param {string} key */
export const dropFile = (key) => within('readwrite', (store) => store.delete(key));
