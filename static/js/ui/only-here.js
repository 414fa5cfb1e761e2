/** Whether an address leads to this computer alone, wherever it is opened. Pure. */

/** @param {string} url  absolute */
export function onlyHere(url) {
  const { hostname } = new URL(url);
  return hostname === 'localhost' || hostname.endsWith('.localhost') || hostname === '[::1]' || /^127(\.\d+){3}$/.test(hostname);
}
