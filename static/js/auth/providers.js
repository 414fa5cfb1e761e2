/** Providers to sign in with: the way there, and what they call themselves. */
import { t } from '../i18n.js';

/** Of those with a look and a name of their own; others are told by the server's configuration. */
const KNOWN = ['kakao', 'naver', 'google'];

/** @param {string} provider */
export const isKnown = (provider) => KNOWN.includes(provider);

/** @param {string} provider @param {string} name  as configured */
export const providerName = (provider, name) => (isKnown(provider) ? t(`auth.${provider}`) : name);

/**
 * An address of the server, to be opened as a page (`target="_self"` keeps the router's hands off).
 *
 * @param {string} provider
 * @param {{next: string, link?: boolean}} options
 */
export function startPath(provider, { next, link = false }) {
  const query = new URLSearchParams({ next });
  if (link) query.set('link', 'true');
  return `/auth/${encodeURIComponent(provider)}/start?${query}`;
}
