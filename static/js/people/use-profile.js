/** A member's profile: from the server, or the newer one that an act of ours was answered with. */
import { useState } from 'preact/hooks';
import { useFetched } from '../poll.js';
import { memberPath } from './paths.js';

/** @typedef {import('../types.js').Profile} Profile */

/** @param {any} body @returns {Profile} */
const take = (body) => body.member;

/** @param {string} username */
export function useProfile(username) {
  const { data, error, reload } = useFetched(memberPath(username, '/api'), take);
  const [newer, setNewer] = useState(/** @type {{than: Profile | null, profile: Profile} | null} */ (null));
  const profile = newer && newer.than === data ? newer.profile : data;
  return { profile, error: profile ? null : error, reload, change: (/** @type {Profile} */ answer) => setNewer({ than: data, profile: answer }) };
}
