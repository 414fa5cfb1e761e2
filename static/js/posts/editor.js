/** A record while it is written: the draft and its photos, kept on the device at every change, then sent. */
import { computed, effect, signal } from '@preact/signals';
import { api } from '../api.js';
import { CATEGORIES } from '../share-map/categories.js';
import { uploadPhoto } from '../upload.js';
import { fieldOf, problemsIn } from './check.js';
import { MENUS_MAX, blankDraft, blankMenu, bodyOf, draftOf, isWorthKeeping, withMain, withMenu, withMoved, withRoomFor, withoutMenu, writtenMenus } from './draft.js';
import { dropFile, keepFile, keptFile } from './files.js';
import { dropDraft, keepDraft, loadDraft } from './kept.js';
import { Uploads } from './uploads.js';

/**
 * @typedef {import('./draft.js').Draft} Draft
 * @typedef {import('./draft.js').DraftMenu} DraftMenu
 * @typedef {import('../types.js').LatLng} LatLng
 * @typedef {import('../types.js').PostView} PostView
 */

const VISIBILITY = 'wagu.visibility'; // the last choice is the next one's beginning
let made = 0;

/** Not `crypto.randomUUID`: it is missing on plain HTTP. */
const newKey = () => `${Date.now().toString(36)}-${(made += 1)}`;

/** The day here, as a date input writes it. */
export function today(now = new Date()) {
  return [now.getFullYear(), now.getMonth() + 1, now.getDate()].map((part) => String(part).padStart(2, '0')).join('-');
}

export class Editor {
  /** @type {import('@preact/signals').Signal<Draft>} */ draft;
  /** @type {import('@preact/signals').Signal<import('./check.js').Problem[]>} */ problems = signal([]);
  /** Where a photo says it was taken; kept nowhere. @type {import('@preact/signals').Signal<LatLng | null>} */ hint = signal(null);
  /** What was found at the start: nothing, a draft, or one of a post that has changed meanwhile. */
  restored = signal(/** @type {'' | 'found' | 'stale'} */ (''));
  /** The last change is on the device; null: it cannot be. */
  kept = signal(/** @type {boolean | null} */ (true));
  /** Photos are lost that the server had: they need to be picked again. @type {import('@preact/signals').Signal<ReadonlySet<string>>} */
  lost = signal(new Set());
  /** The place of the link that led here, where the draft names another one. @type {import('@preact/signals').Signal<import('../types.js').Place | null>} */
  offered = signal(null);
  busy = signal(false);
  waiting = signal(false);
  uploads = new Uploads(uploadPhoto, (key, uploaded) => this.#uploaded(key, uploaded));
  dirty = computed(() => JSON.stringify(bodyOf(this.draft.value)) !== this.#start || this.draft.value.menus.some(({ file }) => file));
  #start = '';
  /** @type {() => void} */ #stopKeeping = () => {};

  /** @param {{owner: string, post: PostView | null}} options  no post: a new one */
  constructor({ owner, post }) {
    this.post = post;
    this.which = { owner, post: post ? String(post.id) : 'new' };
    const found = loadDraft(localStorage, this.which);
    this.draft = signal(this.#blank());
    this.#start = JSON.stringify(bodyOf(this.draft.peek()));
    if (!found || !isWorthKeeping(found)) return;
    this.draft.value = found;
    if (this.dirty.peek()) this.restored.value = post && found.base !== post.updated_at ? 'stale' : 'found';
  }

  /** Until it is closed: keep what changes, and go on with uploads that a reload cut short. */
  open() {
    let first = true;
    this.#stopKeeping = effect(() => {
      const draft = this.draft.value;
      if (!first) this.#keep(draft);
      first = false;
    });
    for (const { key, file } of this.draft.peek().menus) if (file) void this.#sendKept(key);
    return () => {
      this.#stopKeeping();
      this.uploads.close();
    };
  }

  /** @param {Partial<Draft>} change @param {string} [field]  whose problem is over with it */
  set(change, field) {
    this.draft.value = { ...this.draft.peek(), ...change };
    if (field) this.settle(field);
  }

  /** @param {string} field */
  settle(field) {
    if (this.problems.peek().some((one) => one.field === field)) {
      this.problems.value = this.problems.peek().filter((one) => one.field !== field);
    }
  }

  /** A place, and its kind of food where none is chosen yet. @param {import('./draft.js').DraftPlace} place */
  choose(place) {
    const { category } = this.draft.peek();
    const known = Object.values(CATEGORIES).includes(place.category ?? '') ? String(place.category) : '';
    this.set({ place, category: category || known }, 'place');
    if (category || known) this.settle('category');
    this.offered.value = null;
  }

  // -------------------------------------------------------------------------------- menus

  /** @param {string} key @param {'name' | 'price' | 'text'} what @param {string} text */
  write(key, what, text) {
    this.draft.value = withMenu(this.draft.peek(), key, { [what]: text });
    this.settle(`${key}.${what}`);
    this.settle('menus');
  }

  addMenu(name = '') {
    const draft = this.draft.peek();
    if (draft.menus.length < MENUS_MAX) this.set({ menus: [...draft.menus, { ...blankMenu(newKey()), name }] }, 'menus');
  }

  /** @param {string} key */
  makeMain(key) {
    this.draft.value = withMain(this.draft.peek(), key);
  }

  /** @param {string} key @param {-1 | 1} step */
  move(key, step) {
    this.draft.value = withMoved(this.draft.peek(), key, step);
  }

  /** @param {string} key */
  removeMenu(key) {
    this.removePhoto(key);
    this.draft.value = withoutMenu(this.draft.peek(), key, newKey());
    this.problems.value = this.problems.peek().filter(({ field }) => !field.startsWith(`${key}.`));
  }

  // ------------------------------------------------------------------------------- photos

  /** To free cards, then to new ones. @param {File[]} files @returns {number}  how many found no room */
  addPhotos(files) {
    const { draft, keys } = withRoomFor(this.draft.peek(), files.length, newKey);
    this.draft.value = draft;
    keys.forEach((key, i) => this.setPhoto(key, files[i]));
    return files.length - keys.length;
  }

  /** @param {string} key @param {Blob} file */
  setPhoto(key, file) {
    this.removePhoto(key);
    this.draft.value = withMenu(this.draft.peek(), key, { file: true });
    void keepFile(key, file);
    this.uploads.add(key, file);
  }

  /** @param {string} key */
  removePhoto(key) {
    const menu = this.draft.peek().menus.find((one) => one.key === key);
    this.uploads.forget(key);
    if (menu?.photo) this.#giveBack(menu.photo.id);
    void dropFile(key);
    this.settle(`${key}.photo`);
    this.#setLost(key, false);
    this.draft.value = withMenu(this.draft.peek(), key, { photo: null, file: false });
  }

  /** The server has forgotten it, after a day; here it may still be. @param {string} key */
  async photoIsGone(key) {
    const file = await keptFile(key);
    if (!file) return this.#setLost(key, true);
    this.draft.value = withMenu(this.draft.peek(), key, { photo: null, file: true });
    return this.uploads.add(key, file);
  }

  // ------------------------------------------------------------------------------ the end

  /** Throw away what is on the device, and begin anew. */
  discard() {
    this.#forget(true);
    this.restored.value = '';
    this.problems.value = [];
    this.hint.value = null;
    this.lost.value = new Set();
    this.draft.value = this.#blank();
    dropDraft(localStorage, this.which);
  }

  /** Wait for photos under way, check, send. @returns {Promise<number | null>}  the post; null: see `problems` */
  async send() {
    if (this.busy.peek()) return null;
    this.problems.value = problemsIn(this.draft.peek(), today());
    if (this.problems.peek().length) return null;
    this.busy.value = true;
    try {
      if (!(await this.#photosAreThere())) return null;
      const body = bodyOf(this.draft.peek());
      const { post } = this.post ? await api.patch(`/api/posts/${this.post.id}`, body) : await api.post('/api/posts', body);
      this.#stopKeeping();
      this.#forget(false);
      dropDraft(localStorage, this.which);
      remember(body.visibility);
      return post.id;
    } catch (error) {
      const code = /** @type {{code?: string}} */ (error)?.code ?? '';
      this.problems.value = [{ field: fieldOf(/** @type {any} */ (error)), code, error }];
      return null;
    } finally {
      this.busy.value = false;
      this.waiting.value = false;
    }
  }

  /** Not to wait for photos after all: the form is open again. */
  stopWaiting() {
    this.waiting.value = false;
  }

  async #photosAreThere() {
    if (this.uploads.busy) {
      this.waiting.value = true;
      await until(() => !this.uploads.busy || !this.waiting.value);
      if (!this.waiting.peek()) return false;
    }
    const missing = writtenMenus(this.draft.peek()).filter(({ key, file }) => file || this.lost.peek().has(key));
    this.problems.value = missing.map(({ key }) => ({ field: `${key}.photo`, code: 'write.photo_problem' }));
    return missing.length === 0;
  }

  /** @param {string} key @param {import('../upload.js').Uploaded} uploaded */
  #uploaded(key, { photo, suggestion }) {
    this.draft.value = withMenu(this.draft.peek(), key, { photo, file: false });
    this.settle(`${key}.photo`);
    this.hint.value ??= suggestion?.at ?? null;
  }

  /** @param {string} key */
  async #sendKept(key) {
    const file = await keptFile(key);
    if (file) this.uploads.add(key, file);
    else this.draft.value = withMenu(this.draft.peek(), key, { file: false });
  }

  /** @param {Draft} draft */
  #keep(draft) {
    if (!isWorthKeeping(draft) || (this.post && !this.dirty.peek())) return dropDraft(localStorage, this.which);
    this.kept.value = keepDraft(localStorage, this.which, draft, Date.now()) ? true : null;
    return undefined;
  }

  /** @param {boolean} unused  the photos of this draft, too */
  #forget(unused) {
    for (const { key, photo } of this.draft.peek().menus) {
      this.uploads.forget(key);
      void dropFile(key);
      if (unused && photo) this.#giveBack(photo.id);
    }
  }

  /** An upload that nothing shows; those of the post stay until it is saved. @param {string} id */
  #giveBack(id) {
    if (this.post?.menus.some(({ photo }) => photo?.id === id)) return;
    void api.delete(`/api/photos/${id}`).catch(() => {}); // after a day it goes by itself
  }

  /** @param {string} key @param {boolean} lost */
  #setLost(key, lost) {
    if (this.lost.peek().has(key) === lost) return;
    const all = new Set(this.lost.peek());
    if (lost) all.add(key);
    else all.delete(key);
    this.lost.value = all;
  }

  /** @returns {Draft} */
  #blank() {
    return this.post ? draftOf(this.post, newKey) : blankDraft({ today: today(), visibility: lastVisibility(), key: newKey() });
  }
}

/** @param {() => boolean} condition  of signals @returns {Promise<void>} */
function until(condition) {
  return new Promise((resolve) => {
    let stop = () => {};
    stop = effect(() => {
      if (!condition()) return;
      resolve();
      queueMicrotask(() => stop());
    });
  });
}

/** @returns {Draft['visibility']} */
function lastVisibility() {
  const last = localStorage.getItem(VISIBILITY);
  return last === 'private' || last === 'public' ? last : 'friends';
}

/** @param {string} visibility */
function remember(visibility) {
  try {
    localStorage.setItem(VISIBILITY, visibility);
  } catch {
    // Then the next record begins as the first did.
  }
}
