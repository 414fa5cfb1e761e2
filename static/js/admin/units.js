/** A number in the unit that it is read best in. */

/** @param {number} value @param {string[]} units  each a thousand of the one before @param {string} locale */
export function inUnit(value, units, locale) {
  let at = 0;
  let left = value;
  while (left >= 999.5 && at < units.length - 1) {
    left /= 1000;
    at += 1;
  }
  const digits = at === 0 || left >= 99.95 ? 0 : 1;
  return `${new Intl.NumberFormat(locale, { maximumFractionDigits: digits }).format(left)} ${units[at]}`;
}
