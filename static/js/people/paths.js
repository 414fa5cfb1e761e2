/** Where people are: pages by default, the API's addresses with its prefix. */

/** @param {string} username @param {string} [prefix] */
export const memberPath = (username, prefix = '') => `${prefix}/members/${encodeURIComponent(username)}`;
