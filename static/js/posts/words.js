/**
 * Who wrote the words of a post (wagu/domain/post.py TextOrigin), while a person and a machine take turns.
 * Pure: each function takes words and what was there before the machine, and gives both anew.
 */

/**
 * @typedef {import('./draft.js').Words} Words
 * @typedef {{words: Words, before: Words | null}} Turn  before: what can be gone back to
 */

/** A person typed. Nothing of the machine is left in an empty text. @param {Turn} turn @param {string} text @returns {Turn} */
export function typed({ words, before }, text) {
  return { words: { text, origin: text.trim() ? changed(words.origin) : 'own' }, before };
}

/**
 * An edited template is one's own: the facts in it were, and now the sentence is. What a model made up
 * stays a model's, however much of it was changed.
 *
 * @param {Words['origin']} origin @returns {Words['origin']}
 */
function changed(origin) {
  return origin === 'ai' || origin === 'ai_edited' ? 'ai_edited' : 'own';
}

/** The machine begins, on an empty page. What a person wrote or changed can be gone back to. @param {Turn} turn @returns {Turn} */
export function begun({ words, before }) {
  const untouched = before !== null && (words.origin === 'ai' || words.origin === 'template');
  return { words: { text: '', origin: 'ai' }, before: untouched ? before : words };
}

/** @param {Turn} turn @param {string} more @returns {Turn} */
export function grown({ words, before }, more) {
  return { words: { ...words, text: words.text + more }, before };
}

/** It came to its end, or was stopped: without a word nothing has happened. @param {Turn} turn @param {'ai' | 'template'} origin @returns {Turn} */
export function ended(turn, origin) {
  const { words, before } = turn;
  return words.text.trim() ? { words: { text: words.text.trim(), origin }, before } : rejected(turn);
}

/** @param {Turn} turn @returns {Turn} */
export function rejected({ words, before }) {
  return { words: before ?? words, before: null };
}

/** @param {Turn} turn @returns {Turn} */
export function accepted({ words }) {
  return { words, before: null };
}
