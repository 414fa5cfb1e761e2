/** Server-sent events (HTML Living Standard, 9.2.6) from text that comes in pieces. Pure. */

/** What a line may grow to before it is no event of ours. */
const LONGEST_LINE = 1_000_000;

/** @typedef {{event: string, data: string}} ServerEvent */

export class EventParser {
  #rest = '';
  #event = '';
  /** @type {string[]} */ #data = [];

  /** @param {string} piece @returns {ServerEvent[]}  that ended with it */
  push(piece) {
    const lines = (this.#rest + piece).split('\n');
    this.#rest = lines.pop() ?? '';
    if (this.#rest.length > LONGEST_LINE) throw new RangeError('a line without an end');
    return lines.flatMap((line) => this.#take(line.replace(/\r$/, '')));
  }

  /** @param {string} line @returns {ServerEvent[]} */
  #take(line) {
    if (line === '') return this.#finish();
    const [, field, value] = /^([^:]*):? ?(.*)$/.exec(line) ?? [];
    if (field === 'event') this.#event = value;
    else if (field === 'data') this.#data.push(value);
    return []; // a comment has no name before its colon
  }

  #finish() {
    const whole = this.#data.length ? [{ event: this.#event || 'message', data: this.#data.join('\n') }] : [];
    this.#event = '';
    this.#data = [];
    return whole;
  }
}
