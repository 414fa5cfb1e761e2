/** A machine's turn at the text: asked with what the form says, streamed into it, stopped, rejected, accepted. */
import { signal } from '@preact/signals';
import { ApiError } from '../api.js';
import { config } from '../config.js';
import { fieldOf } from './check.js';
import { priceOf, writtenMenus } from './draft.js';
import { accepted, begun, ended, grown, rejected } from './words.js';
import { writeDraft } from './write.js';

/** @typedef {import('./draft.js').Draft} Draft */

export class DraftWriter {
  writing = signal(false);
  stopped = signal(false);
  /** @type {import('@preact/signals').Signal<unknown>} */ error = signal(null);
  /** What is asked for beside the form. */
  notes = signal('');
  tone = signal(/** @type {'record' | 'friendly' | 'short'} */ ('record'));
  language = signal(/** @type {'ko' | 'en'} */ ('ko'));
  /** @type {AbortController | null} */ #run = null;

  /** @param {import('./editor.js').Editor} editor */
  constructor(editor) {
    this.editor = editor;
  }

  async write() {
    this.stop();
    const { editor } = this;
    const draft = editor.draft.peek();
    this.stopped.value = false;
    this.error.value = draft.place ? null : new ApiError('draft.needs_place', '', { field: 'place' });
    if (!draft.place) return;
    const run = new AbortController();
    this.#run = run;
    this.writing.value = true;
    const brief = briefOf(draft, { words: this.notes.peek().trim() || typedWords(draft), tone: this.tone.peek(), language: this.language.peek() });
    editor.set(begun(draft), 'text');
    /** @type {'ai' | 'template'} */ let origin = config.peek()?.drafts.ai === false ? 'template' : 'ai';
    try {
      origin = await writeDraft(brief, { onText: (more) => run === this.#run && editor.set(grown(editor.draft.peek(), more)), signal: run.signal });
    } catch (error) {
      if (!run.signal.aborted) this.#complain(error);
    } finally {
      if (run === this.#run) this.#end(origin);
    }
  }

  /** What is written stays. */
  stop() {
    if (!this.#run) return;
    this.#run.abort();
    this.stopped.value = true;
    this.#end(config.peek()?.drafts.ai === false ? 'template' : 'ai');
  }

  reject() {
    this.error.value = null;
    this.stopped.value = false;
    this.editor.set(rejected(this.editor.draft.peek()), 'text');
  }

  accept() {
    this.error.value = null;
    this.stopped.value = false;
    this.editor.set(accepted(this.editor.draft.peek()));
  }

  /** @param {'ai' | 'template'} origin */
  #end(origin) {
    this.#run = null;
    this.writing.value = false;
    this.editor.set(ended(this.editor.draft.peek(), origin));
  }

  /** At its field where it has one of the form; the notes stand beside it anyway. @param {unknown} error */
  #complain(error) {
    this.error.value = error;
    const { code = '' } = /** @type {{code?: string}} */ (error);
    const field = fieldOf(/** @type {{code?: string}} */ (error));
    if (field && field !== 'text') this.editor.problems.value = [{ field, code, error }];
  }
}

/** Without notes, what the person began to write says what they want to say. @param {Draft} draft */
function typedWords({ words, before }) {
  const mine = before ?? words;
  return mine.origin === 'own' ? [...mine.text.trim()].slice(0, 500).join('') : '';
}

/** @param {Draft} draft @param {{words: string, tone: string, language: string}} how */
function briefOf(draft, how) {
  const menus = writtenMenus(draft).filter(({ name }) => name.trim());
  const { vision = false, photos_max: most = 0 } = config.peek()?.drafts ?? {};
  const pictured = [...writtenMenus(draft)].sort((a, b) => Number(b.main) - Number(a.main));
  return {
    ...how,
    place: draft.place?.name ?? '',
    category: draft.category || null,
    menus: menus.map(({ name, price }) => ({ name, price: priceOf(price) })),
    photo_ids: vision ? pictured.flatMap(({ photo }) => (photo ? [photo.id] : [])).slice(0, most) : [],
  };
}
