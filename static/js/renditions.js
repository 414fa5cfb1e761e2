/** Which files of a photo a browser may choose from. Pure. */

/** @typedef {import('./types.js').PictureView} PictureView */

/** Times. Ask for more, and the server enlarges (wagu/images/sizes.py) what no screen shows better. */
const MOST_ENLARGED = 2;

/**
 * The renditions worth asking for, with their widths in pixels, the narrowest first; never none.
 *
 * @param {PictureView} picture
 * @returns {{url: string, width: number}[]}
 */
export function renditions({ width, height, urls }) {
  const longest = Math.max(width, height);
  const sides = Object.keys(urls).map(Number).sort((a, b) => a - b);
  const worth = sides.filter((side, i) => i === 0 || side <= MOST_ENLARGED * longest);
  return worth.map((side) => ({ url: urls[side], width: Math.max(1, Math.round((width * side) / longest)) }));
}

/** For `srcset`. @param {PictureView} picture @param {'webp' | 'jpg'} format */
export function sourceSet(picture, format) {
  return renditions(picture).map(({ url, width }) => `${as(url, format)} ${width}w`).join(', ');
}

/**
 * One file whose longest side comes nearest to `side` from above, if there is one.
 *
 * @param {PictureView} picture @param {number} side @param {'webp' | 'jpg'} [format]
 */
export function fileOf({ urls }, side, format = 'webp') {
  const sides = Object.keys(urls).map(Number).sort((a, b) => a - b);
  return as(urls[sides.find((one) => one >= side) ?? sides[sides.length - 1]], format);
}

/** The server names the WebP files; beside each lies a JPEG. @param {string} url @param {'webp' | 'jpg'} format */
function as(url, format) {
  return format === 'webp' ? url : url.replace(/\.webp$/, `.${format}`);
}
