/** Photos on their way to the server: a few at once, each with its progress, each to be cancelled and tried again. */
import { signal } from '@preact/signals-core';

/** At once: more would only make each of them slower on a phone's line. */
const PARALLEL = 3;

/**
 * @typedef {import('../upload.js').Uploaded} Uploaded
 * @typedef {object} Upload
 * @property {'waiting' | 'sending' | 'failed' | 'cancelled'} state
 * @property {number} progress  0…1; at 1 the server is at work
 * @property {unknown} error
 * @property {Blob} file
 *
 * @typedef {(file: Blob, options: {onProgress: (done: number) => void, signal: AbortSignal}) => Promise<Uploaded>} Send
 */

export class Uploads {
  /** By the key of a menu; what is done is not here any more. @type {import('@preact/signals-core').Signal<ReadonlyMap<string, Upload>>} */
  all = signal(new Map());
  #send;
  #onDone;
  /** @type {Map<string, AbortController>} */ #running = new Map();

  /** @param {Send} send @param {(key: string, uploaded: Uploaded) => void} onDone */
  constructor(send, onDone) {
    this.#send = send;
    this.#onDone = onDone;
  }

  /** Still to come without anybody's doing. */
  get busy() {
    return [...this.all.value.values()].some(({ state }) => state === 'waiting' || state === 'sending');
  }

  /** Instead of what was under way for it. @param {string} key @param {Blob} file */
  add(key, file) {
    this.#stop(key);
    this.#set(key, { state: 'waiting', progress: 0, error: null, file });
    this.#next();
  }

  /** It stays, to be tried again. @param {string} key */
  cancel(key) {
    this.#stop(key);
    this.#change(key, { state: 'cancelled', progress: 0 });
    this.#next();
  }

  /** @param {string} key */
  retry(key) {
    const upload = this.all.peek().get(key);
    if (upload) this.add(key, upload.file);
  }

  /** @param {string} key */
  forget(key) {
    this.#stop(key);
    this.#set(key, null);
    this.#next();
  }

  /** The page goes. */
  close() {
    for (const key of [...this.#running.keys()]) this.#stop(key);
    this.all.value = new Map();
  }

  #next() {
    for (const [key, { state }] of this.all.peek()) {
      if (this.#running.size >= PARALLEL) return;
      if (state === 'waiting') void this.#run(key);
    }
  }

  /** @param {string} key */
  async #run(key) {
    const upload = this.all.peek().get(key);
    if (!upload) return;
    const controller = new AbortController();
    this.#running.set(key, controller);
    this.#change(key, { state: 'sending' });
    const isCurrent = () => this.#running.get(key) === controller;
    try {
      const onProgress = (/** @type {number} */ progress) => isCurrent() && this.#change(key, { progress });
      const uploaded = await this.#send(upload.file, { onProgress, signal: controller.signal });
      if (!isCurrent()) return;
      this.#set(key, null);
      this.#onDone(key, uploaded);
    } catch (error) {
      if (isCurrent()) this.#change(key, { state: 'failed', error });
    } finally {
      if (isCurrent()) this.#running.delete(key);
      this.#next();
    }
  }

  /** @param {string} key */
  #stop(key) {
    const controller = this.#running.get(key);
    this.#running.delete(key);
    controller?.abort();
  }

  /** @param {string} key @param {Partial<Upload>} change */
  #change(key, change) {
    const upload = this.all.peek().get(key);
    if (upload) this.#set(key, { ...upload, ...change });
  }

  /** @param {string} key @param {Upload | null} upload */
  #set(key, upload) {
    const all = new Map(this.all.peek());
    if (upload) all.set(key, upload);
    else all.delete(key);
    this.all.value = all;
  }
}
