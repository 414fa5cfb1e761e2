/**
 * The kinds of places and meals (wagu/domain/post.py). On the wire and in the records a category is its Korean
 * word, whatever language it was chosen in; what people wrote themselves stays as it is.
 */

/** @type {Record<string, string>}  key of the phrase → word on the wire */
export const CATEGORIES = {
  korean: '한식', western: '양식', chinese: '중식', japanese: '일식', snack: '분식', cafe: '카페', dessert: '디저트', other: '기타',
};

const KEYS = new Map(Object.entries(CATEGORIES).map(([key, word]) => [word, key]));

/** @param {string | null | undefined} category @returns {string}  its key, `other` for what people wrote themselves */
export const categoryKey = (category) => KEYS.get(category ?? '') ?? 'other';

/**
 * @param {string | null | undefined} category
 * @param {(key: string) => string} t
 * @returns {string}  in the reader's language where we know it
 */
export function categoryName(category, t) {
  const key = KEYS.get(category ?? '');
  return key ? t(`map.category_${key}`) : (category ?? '');
}
