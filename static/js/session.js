/** Who is using this browser. The cookie is HttpOnly, so the server is asked once. */
import { effect, signal } from '@preact/signals';
import { api } from './api.js';
import { backoff } from './backoff.js';
import { withQuery } from './match.js';
import { location, navigate } from './router.js';

/** @typedef {import('./types.js').SessionPerson} SessionPerson */

/** null: nobody yet. @type {import('@preact/signals').Signal<SessionPerson | null>} */
export const person = signal(null);

/** False until the server has been asked. */
export const known = signal(false);

/** Asking failed; it goes on by itself. */
export const unreachable = signal(false);

/** @type {ReturnType<typeof setTimeout> | undefined} */
let timer;

/** The session does not say what a member looks like; the account does. */
effect(() => {
  const who = person.value;
  if (who?.kind === 'member' && who.photo === undefined) void loadFace(who.id);
});

/** A face is no reason to trouble anybody: without it there is the initial. @param {string} id */
async function loadFace(id) {
  const answer = await api.get('/api/me').catch(() => null);
  if (answer && person.peek()?.id === id) person.value = { .../** @type {SessionPerson} */ (person.peek()), photo: answer.me.photo };
}

/** Ask the server until it answers. @param {number} [attempt] */
export async function loadSession(attempt = 1) {
  clearTimeout(timer);
  try {
    person.value = (await api.get('/api/session')).person;
    known.value = true;
    unreachable.value = false;
  } catch {
    unreachable.value = true;
    timer = setTimeout(() => loadSession(attempt + 1), backoff(attempt, Math.random()));
  }
}

/**
 * A member, or a trip to the log-in page and back.
 *
 * @returns {SessionPerson | null}  null when the page is being left
 */
export function requirePerson() {
  if (person.value?.kind === 'member') return person.value;
  navigate(loginPath(), { replace: true });
  return null;
}

/** The log-in page that leads back here. */
export function loginPath() {
  const { path, query } = location.value;
  return `/login?next=${encodeURIComponent(withQuery(path, query))}`;
}

/** Become a guest, or rename the guest we are. @param {string} name */
export async function enterAsGuest(name) {
  person.value = (await api.post('/api/guests', { name })).person;
}

export async function logOut() {
  await api.delete('/api/session');
  person.value = null;
}
