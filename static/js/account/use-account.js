/** One's own account: from the server, or the newer one that a change was answered with. */
import { useState } from 'preact/hooks';
import { api } from '../api.js';
import { useFetched } from '../poll.js';
import { person } from '../session.js';

/** @typedef {import('../types.js').Account} Account */

/** @param {any} body @returns {Account} */
const take = (body) => body.me;

/**
 * @typedef {object} AccountState
 * @property {Account} account
 * @property {(change: {name?: string, bio?: string, photo_id?: string | null}) => Promise<void>} change
 * @property {() => void} reload
 */

export function useAccount() {
  const { data, error, reload } = useFetched('/api/me', take);
  const [newer, setNewer] = useState(/** @type {{than: Account | null, account: Account} | null} */ (null));
  const account = newer && newer.than === data ? newer.account : data;
  const change = async (/** @type {object} */ wanted) => {
    const { me } = await api.patch('/api/me', wanted);
    setNewer({ than: data, account: me });
    if (person.value) person.value = { ...person.value, name: me.name, photo: me.photo };
  };
  return { account, error: account ? null : error, change, reload };
}
