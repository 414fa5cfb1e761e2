/** Fetch what will be needed to say that the network is gone, while it is still there. */

/** @param {string[]} words  their glyphs; the font comes in a hundred small files @param {string[]} icons */
export function warm(words, icons) {
  void document.fonts?.load('1em "Pretendard Variable"', words.join('')).catch(() => {});
  for (const name of icons) new Image().src = `/static/vendor/icons/${name}.svg`;
}
