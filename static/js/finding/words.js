/** Days, prices and lengths of time as people say them. Pure. */

/**
 * The day of a meal: `11월 24일 (화)`, with the year when it is another one.
 *
 * @param {{eaten_on: string | null, created_at: number}} post @param {string} locale @param {number} now ms
 */
export function mealDay({ eaten_on, created_at }, locale, now) {
  // A day without a time is midnight UTC to Date; here it is that day, wherever one reads it.
  const day = eaten_on ? new Date(`${eaten_on}T00:00`) : new Date(created_at);
  const thisYear = day.getFullYear() === new Date(now).getFullYear();
  return day.toLocaleDateString(locale, { month: 'short', day: 'numeric', ...(thisYear ? { weekday: 'short' } : { year: 'numeric' }) });
}

/** @param {number} price won @param {string} locale */
export function priceText(price, locale) {
  return locale === 'ko' ? `${price.toLocaleString('ko')}원` : `₩${price.toLocaleString('en')}`;
}

/** How long something went on, for the phrases `finding.minutes` and `finding.hours`. @param {number} from ms @param {number} to ms */
export function lengthOf(from, to) {
  const minutes = Math.max(1, Math.round((to - from) / 60_000));
  return { hours: Math.floor(minutes / 60), minutes: minutes % 60 };
}
