/** Chat lines and notices in one list, and what of it is unread. Pure. */

/**
 * @typedef {import('../chat-log.js').Line} Line
 * @typedef {import('./room-state.js').Notice} Notice
 */

/**
 * In the order of time; our own unacknowledged lines stay last. A notice is a line of nobody, in the
 * state `notice`, which the style sheet draws as a word in passing.
 * @param {readonly Line[]} lines
 * @param {readonly Notice[]} notices
 * @param {(notice: Notice) => string} words
 * @returns {Line[]}
 */
export function merged(lines, notices, words) {
  const settled = lines.filter(({ state }) => !state);
  const waiting = lines.filter(({ state }) => state);
  const said = notices.map((notice) => (/** @type {Line} */ (/** @type {unknown} */ ({
    id: notice.id, from: { id: '', name: '' }, text: words(notice), at: notice.at, state: 'notice',
  }))));
  return [...[...settled, ...said].sort((a, b) => a.at - b.at), ...waiting];
}

/**
 * Lines of others after the line `read`.
 * @param {readonly Line[]} lines
 * @param {string | undefined} read  undefined: nothing counts yet; a line that is no longer kept: all count
 * @param {string} me
 */
export function unreadAfter(lines, read, me) {
  if (read === undefined) return 0;
  const seen = lines.findIndex(({ id }) => id === read);
  return lines.slice(seen + 1).filter(({ from }) => from.id !== me).length;
}
