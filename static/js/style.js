/** Style sheets that come with a lazily loaded view. */

/**
 * @param {string} href
 * @returns {Promise<void>}  when it applies; a missing sheet must not keep the view away
 */
export function loadStyle(href) {
  if (document.querySelector(`link[href="${href}"]`)) return Promise.resolve();
  return new Promise((resolve) => {
    const link = document.createElement('link');
    link.rel = 'stylesheet';
    link.href = href;
    link.onload = () => resolve();
    link.onerror = () => {
      link.remove();
      resolve();
    };
    document.head.append(link);
  });
}
