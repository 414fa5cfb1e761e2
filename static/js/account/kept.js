/** Form values that outlive a reload of their tab, and no more than that. Never for passwords. */

/**
 * @param {string} name
 * @param {Record<string, string>} initial  what the server has: a draft that was made from something else is dropped
 */
export function kept(name, initial) {
  const key = `wagu.form.${name}`;
  const base = JSON.stringify(initial);
  const read = () => {
    try {
      const found = JSON.parse(sessionStorage.getItem(key) ?? 'null');
      return found?.base === base ? { ...initial, ...found.values } : initial;
    } catch {
      return initial;
    }
  };
  return {
    values: /** @type {Record<string, string>} */ (read()),
    keep: (/** @type {Record<string, string>} */ values) => sessionStorage.setItem(key, JSON.stringify({ base, values })),
    forget: () => sessionStorage.removeItem(key),
  };
}
