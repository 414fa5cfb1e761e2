/** What the server's model believes to see on the photos: asked for, picked from name by name, put away. */
import { computed, signal } from '@preact/signals';
import { api } from '../api.js';
import { config } from '../config.js';

/** ms; the longest that a host can give the model (`WAGU_AI_TIMEOUT`), and the way there and back. */
const PATIENCE = 615_000;

/**
 * @typedef {{category: string | null, menus: string[]}} Seen
 * @typedef {(body: {photo_ids: string[], language: string}, options: {signal: AbortSignal}) => Promise<Seen>} Ask
 */

/** @type {Ask} */
const askServer = (body, options) => api.post('/api/drafts/suggestion', body, options);

export class Suggestion {
  asking = signal(false);
  /** @type {import('@preact/signals').Signal<unknown>} */ error = signal(null);
  /** @type {import('@preact/signals').Signal<Seen | null>} */ seen = signal(null);
  /** Photos that were asked about. */
  #about = signal(/** @type {string[]} */ ([]));
  /** @type {AbortController | null} */ #run = null;

  /** @param {import('./editor.js').Editor} editor @param {Ask} [ask] */
  constructor(editor, ask = askServer) {
    this.editor = editor;
    this.ask = ask;
    /** Photos of dishes that nobody has named. @type {import('@preact/signals').ReadonlySignal<string[]>} */
    this.photos = computed(() => editor.draft.value.menus.flatMap(({ name, photo }) => (photo && !name.trim() ? [photo.id] : [])));
    /** The answer, as long as a photo is there that it is about. @type {import('@preact/signals').ReadonlySignal<Seen | null>} */
    this.answer = computed(() => {
      const { menus } = editor.draft.value;
      return menus.some(({ photo }) => photo && this.#about.value.includes(photo.id)) ? this.seen.value : null;
    });
    /** What no dish is called yet. @type {import('@preact/signals').ReadonlySignal<string[]>} */
    this.names = computed(() => {
      const taken = new Set(editor.draft.value.menus.map(({ name }) => name.trim()));
      return (this.answer.value?.menus ?? []).filter((name) => !taken.has(name));
    });
    /** Where none is chosen; otherwise ''. @type {import('@preact/signals').ReadonlySignal<string>} */
    this.category = computed(() => (editor.draft.value.category ? '' : (this.answer.value?.category ?? '')));
  }

  /** @param {string} language  of the names */
  async begin(language) {
    this.close();
    const most = config.peek()?.drafts.photos_max ?? 1;
    const run = new AbortController();
    const patience = setTimeout(() => run.abort(), PATIENCE);
    this.#run = run;
    this.#about.value = this.photos.peek().slice(0, most);
    this.asking.value = true;
    try {
      const seen = await this.ask({ photo_ids: this.#about.peek(), language }, { signal: run.signal });
      if (run === this.#run) this.seen.value = seen;
    } catch (error) {
      if (run === this.#run) this.error.value = error;
    } finally {
      clearTimeout(patience);
      if (run === this.#run) this.#end();
    }
  }

  stop() {
    this.#run?.abort();
    this.#end();
  }

  /** As if nobody had asked. */
  close() {
    this.stop();
    this.seen.value = null;
    this.error.value = null;
  }

  #end() {
    this.#run = null;
    this.asking.value = false;
  }
}
