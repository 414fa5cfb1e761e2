/**
 * A colour for everyone in a room, no two alike while there are enough. One's usual colour if it is
 * free, else the next free one; once given it stays, also for who leaves and comes back. Pure.
 */

/**
 * @param {ReadonlyMap<string, string>} given
 * @param {readonly {id: string}[]} people  in the order of arrival, so that all screens agree
 * @param {readonly string[]} colours
 * @param {(id: string) => string} usual  one of `colours`
 * @returns {ReadonlyMap<string, string>}
 */
export function withColours(given, people, colours, usual) {
  const fresh = people.filter(({ id }) => !given.has(id));
  if (fresh.length === 0) return given;
  const next = new Map(given);
  const taken = new Set(people.map(({ id }) => given.get(id)));
  for (const { id } of fresh) {
    const from = colours.indexOf(usual(id));
    const order = colours.map((_, i) => colours[(from + i) % colours.length]);
    const colour = order.find((one) => !taken.has(one)) ?? usual(id);
    taken.add(colour);
    next.set(id, colour);
  }
  return next;
}
