/** Which language, and looking a phrase up and filling its blanks. Pure. */

/**
 * What was chosen before; else Korean, unless the browser speaks other languages only.
 *
 * @param {string | null} chosen
 * @param {readonly string[]} languages  of the browser
 * @returns {'ko' | 'en'}
 */
export function preferred(chosen, languages) {
  if (chosen === 'ko' || chosen === 'en') return chosen;
  return languages.length === 0 || languages.some((tag) => /^ko\b/i.test(tag)) ? 'ko' : 'en';
}

/**
 * @param {Record<string, string>} phrases
 * @param {string} key
 * @param {Record<string, string | number>} [vars]  `n: 1` prefers `<key>.one` where there is one
 * @returns {string | null}
 */
export function pick(phrases, key, vars) {
  const one = vars?.n === 1 ? phrases[`${key}.one`] : undefined;
  const phrase = one ?? phrases[key];
  if (phrase === undefined) return null;
  if (!vars) return phrase;
  return phrase.replace(/\{(\w+)\}/g, (blank, name) => (name in vars ? String(vars[name]) : blank));
}
