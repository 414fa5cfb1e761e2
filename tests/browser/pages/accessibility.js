/* Evaluated in a page: what of WCAG 2.2 AA it does not keep, one sentence each. */
() => {
  const found = [];
  const say = (what, e) => found.push(`${what}: ${e.outerHTML.slice(0, 120)}`);
  const seen = (e) => e.checkVisibility({ visibilityProperty: true, opacityProperty: true })
    && e.getBoundingClientRect().width > 1 && !e.closest('.sr-only, .skip, .leaflet-container');

  // 4.1.2, 1.3.1: whatever can be used has a name
  for (const e of document.querySelectorAll('a[href], button, input, textarea, select')) {
    if (!e.checkVisibility() || e.closest('[aria-hidden=true]')) continue;
    const label = e.labels?.[0]?.textContent ?? '';
    const by = document.getElementById(e.getAttribute('aria-labelledby') ?? '')?.textContent ?? '';
    const name = [e.getAttribute('aria-label') ?? '', label, by, e.matches('a, button') ? e.textContent : ''];
    if (!name.join('').trim() && !e.querySelector('img[alt]:not([alt=""]), [aria-label]')) say('no name', e);
  }
  // 1.1.1, and no jump while a picture comes
  for (const e of document.querySelectorAll('img')) {
    if (!e.hasAttribute('alt')) say('no alt', e);
    if (seen(e) && !(e.getAttribute('width') && e.getAttribute('height'))) say('no size', e);
  }
  // 1.3.1: one title, and no level left out
  const levels = [...document.querySelectorAll('main :is(h1, h2, h3, h4)')]
    .filter((e) => e.checkVisibility()).map((e) => Number(e.tagName[1]));
  if (levels.filter((level) => level === 1).length !== 1) found.push(`levels of headings: ${levels}`);
  levels.forEach((level, i) => i && level > levels[i - 1] + 1 && found.push(`levels of headings: ${levels}`));
  // 2.4.3: the order of the page is the order of the keyboard
  for (const e of document.querySelectorAll('[tabindex]')) if (e.tabIndex > 0) say('tabindex', e);
  // Targets of 44 px, links within sentences aside
  for (const e of document.querySelectorAll('a[href], button, input, textarea, summary')) {
    if (!seen(e) || getComputedStyle(e).display === 'inline') continue;
    const box = (e.closest('.input') ?? e.closest('label') ?? e).getBoundingClientRect();
    if (box.width < 43.5 || box.height < 43.5) say(`${Math.round(box.width)}x${Math.round(box.height)}`, e);
  }
  // 1.4.10
  if (document.documentElement.scrollWidth > innerWidth) found.push('scrolls sideways');
  // 1.4.3, where a plain colour is behind the text
  const channels = (colour) => (colour.match(/[\d.]+/g) ?? []).map(Number);
  const luminance = (rgb) => rgb.slice(0, 3).map((c) => c / 255)
    .map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4))
    .reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0);
  const backOf = (e) => {
    for (let at = e; at; at = at.parentElement) {
      const style = getComputedStyle(at);
      if (style.backgroundImage !== 'none' || style.position === 'absolute') return null;
      const [r, g, b, a = 1] = channels(style.backgroundColor);
      if (a === 1) return [r, g, b];
      if (a > 0) return null;
    }
    return [255, 255, 255];
  };
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walk.nextNode(); node; node = walk.nextNode()) {
    const e = node.parentElement;
    if (!node.data.trim() || !seen(e) || e.closest('script, style, :disabled, [aria-disabled=true]')) continue;
    const style = getComputedStyle(e);
    const front = channels(style.color);
    const back = backOf(e);
    if (!style.color.startsWith('rgb') || (front[3] ?? 1) < 1 || !back) continue;
    const [light, dark] = [luminance(front), luminance(back)].sort((x, y) => y - x);
    const size = parseFloat(style.fontSize);
    const large = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700);
    const ratio = (light + 0.05) / (dark + 0.05);
    if (ratio < (large ? 3 : 4.5)) say(`contrast ${ratio.toFixed(1)}`, e);
  }
  return found;
}
