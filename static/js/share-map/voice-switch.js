/**
 * What the voice button does: loads the voice when first wanted, says why a microphone before the
 * browser asks, opens the sheet when something is wrong.
 */
import { computed, signal } from '@preact/signals';
import { t } from '../i18n.js';
import { joinVoice } from '../media.js';
import { toast } from '../ui/toast.js';
import { kept } from '../voice-memory.js';

/** Once explained, never again. */
const EXPLAINED = 'wagu.voice-explained';

/** @type {import('../voice-session.js').VoiceView} */
const SILENT = {
  state: 'off', muted: false, listening: false, problem: null, soundBlocked: false,
  devices: { inputs: [], outputs: [] }, input: '', output: '',
};

export class VoiceSwitch {
  /** @type {import('@preact/signals').Signal<import('../voice.js').Voice | null>} */ #voice = signal(null);
  /** @type {Promise<import('../voice.js').Voice> | null} */ #loading = null;
  #closed = false;

  /**
   * @param {import('../socket.js').RoomSocket} socket
   * @param {import('./room-ui.js').RoomUi} ui
   * @param {{kind: string, slots: number}} media  of the server's config
   */
  constructor(socket, ui, media) {
    this.socket = socket;
    this.ui = ui;
    this.media = media;
    this.view = computed(() => this.#voice.value?.view.value ?? SILENT);
    socket.on('muted_by', ({ by }) => toast(t('mod.muted_by', { name: by.name })));
    if (kept(sessionStorage, socket.room)) this.#load();
  }

  press = () => {
    if (this.view.value.problem) this.ui.sheet.value = 'voice';
    else if (localStorage.getItem(EXPLAINED)) this.join();
    else this.ui.sheet.value = 'reason';
  };

  join = () => this.#start(false);

  listen = () => this.#start(true);

  leave = () => {
    this.putAway();
    this.#voice.value?.session.stop();
  };

  settings = async () => {
    this.ui.sheet.value = 'voice';
    await this.#voice.value?.session.refreshDevices();
  };

  /** From listening to talking, in the same connection. */
  talk = () => this.#voice.value?.session.chooseInput(this.view.value.input);

  unblock = () => this.#voice.value?.session.outputs.resume();

  putAway = () => {
    if (['voice', 'reason'].includes(this.ui.sheet.value)) this.ui.sheet.value = '';
  };

  /** @param {boolean} muted */
  mute = (muted) => this.#voice.value?.session.mute(muted);

  /** @param {string} id */
  input = (id) => this.#voice.value?.session.chooseInput(id);

  /** @param {string} id */
  output = (id) => this.#voice.value?.session.chooseOutput(id);

  /** The room is being left, by a person: unlike a reload, the voice does not come back. */
  close() {
    this.#closed = true;
    this.#voice.value?.session.stop();
    this.#voice.value?.close();
  }

  /** @param {boolean} listening */
  async #start(listening) {
    this.putAway();
    localStorage.setItem(EXPLAINED, 'yes');
    const { session } = await this.#load();
    if (this.#closed) return;
    await session.start({ listening });
    if (session.view.problem && session.view.state === 'off') this.ui.sheet.value = 'voice';
  }

  #load() {
    this.#loading ??= joinVoice(this.socket, this.media).then((voice) => {
      if (this.#closed) voice.close();
      this.#voice.value = voice;
      return voice;
    });
    return this.#loading;
  }
}
