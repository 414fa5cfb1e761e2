/**
 * The chat as the room shows it: the socket's lines with the notices between them (who came, what
 * was nominated), and how many lines were not seen yet.
 */
import { computed, effect, signal } from '@preact/signals';
import { t } from '../i18n.js';
import { merged, unreadAfter } from './feed-lines.js';

export class ChatFeed {
  #stop;

  /** @param {import('./room.js').MapRoom} room */
  constructor(room) {
    const { chat } = room.socket;
    /** Whether the lines are on the screen. */
    this.visible = signal(false);
    /** The newest line that was on the screen; undefined until the history came. @type {import('@preact/signals').Signal<string | undefined>} */
    this.read = signal(undefined);
    this.unread = computed(() => unreadAfter(chat.lines.value, this.read.value, room.you.value?.id ?? ''));
    const lines = computed(() => merged(chat.lines.value, room.state.value.notices, (notice) => (
      t(`map.notice_${notice.kind}`, { who: notice.who, what: notice.what })
    )));
    /** What `Chat` asks of a socket, with our lines. */
    this.socket = {
      chat: { lines },
      you: room.socket.you,
      say: (/** @type {string} */ text) => room.socket.say(text),
      sayAgain: (/** @type {string} */ nonce) => room.socket.sayAgain(nonce),
    };
    this.#stop = effect(() => {
      const last = chat.lines.value.at(-1)?.id ?? '';
      const first = this.read.peek() === undefined && room.state.value.phase === 'in';
      if (this.visible.value || first) this.read.value = last;
    });
  }

  close() {
    this.#stop();
  }
}
