/** Two languages, Korean first. `t` reads `locale`, so that views re-render on a switch. */
import { effect, signal } from '@preact/signals';
import { ApiError } from './api.js';
import { pick, preferred } from './phrase.js';
import * as account from './strings/account.js';
import * as admin from './strings/admin.js';
import * as auth from './strings/auth.js';
import * as common from './strings/common.js';
import * as finding from './strings/finding.js';
import * as live from './strings/live.js';
import * as map from './strings/map.js';
import * as moderation from './strings/moderation.js';
import * as people from './strings/people.js';
import * as stats from './strings/stats.js';
import * as posts from './strings/posts.js';

/** @typedef {'ko' | 'en'} Locale */

const KEPT = 'wagu.locale';

/** @type {Record<Locale, Record<string, string>>} */
const strings = {
  ko: { ...common.ko, ...account.ko, ...admin.ko, ...auth.ko, ...finding.ko, ...live.ko, ...map.ko, ...moderation.ko, ...people.ko, ...posts.ko, ...stats.ko },
  en: { ...common.en, ...account.en, ...admin.en, ...auth.en, ...finding.en, ...live.en, ...map.en, ...moderation.en, ...people.en, ...posts.en, ...stats.en },
};

/** @type {import('@preact/signals').Signal<Locale>} */
export const locale = signal(preferred(localStorage.getItem(KEPT), navigator.languages ?? []));

effect(() => {
  document.documentElement.lang = locale.value;
  localStorage.setItem(KEPT, locale.value);
});

/**
 * @param {string} key
 * @param {Record<string, string | number>} [vars]  for `{name}` in the text; `n` chooses `key.one`
 */
export function t(key, vars) {
  return pick(strings[locale.value], key, vars) ?? key;
}

/**
 * The sentence of an error in the reader's language: by its code, else the server's own words.
 *
 * @param {unknown} error  an ApiError, an `error` frame, or anything thrown
 */
export function errorText(error) {
  const { code = '', message = '' } = /** @type {{code?: string, message?: string}} */ (error ?? {});
  const known = pick(strings[locale.value], `error.${code}`);
  if (known) return known;
  if (message && (error instanceof ApiError || code)) return message;
  return t('error.unexpected');
}

/** `3분 전`, `in 2 hours`. @param {number} at ms @param {number} now ms */
export function relativeTime(at, now) {
  const seconds = (at - now) / 1000;
  const format = new Intl.RelativeTimeFormat(locale.value, { numeric: 'auto' });
  const size = Math.abs(seconds);
  if (size < 60) return format.format(Math.trunc(seconds), 'second');
  if (size < 3600) return format.format(Math.trunc(seconds / 60), 'minute');
  if (size < 86400) return format.format(Math.trunc(seconds / 3600), 'hour');
  return format.format(Math.trunc(seconds / 86400), 'day');
}
