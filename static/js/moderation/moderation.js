/**
 * What a moderator of a room does about the others, over the room's socket; whom or what it is about is
 * `chosen`. See wagu/realtime/PROTOCOL.md, "Moderation".
 */
import { computed, signal } from '@preact/signals';
import { errorText, t } from '../i18n.js';
import { ask } from '../ui/dialog.js';
import { toast } from '../ui/toast.js';

/**
 * @typedef {import('../types.js').PersonRef} PersonRef
 * @typedef {import('../types.js').RoomPerson} RoomPerson
 * @typedef {import('../chat-log.js').Line} Line
 * @typedef {{person: PersonRef, line?: Line}} Chosen  somebody, perhaps by what they said
 * @typedef {{person: PersonRef, at: number}} Ban
 */

export class Moderation {
  /** @param {import('../socket.js').RoomSocket} socket */
  constructor(socket) {
    this.socket = socket;
    this.allowed = computed(() => socket.you.value?.moderator === true);
    /** For the chat: what choosing a line does, for those who may. */
    this.onLine = computed(() => (this.allowed.value ? (/** @type {Line} */ line) => this.choose({ person: line.from, line }) : undefined));
    /** Whose sheet is open. @type {import('@preact/signals').Signal<Chosen | null>} */
    this.chosen = signal(null);
    /** Which list is open. @type {import('@preact/signals').Signal<'' | 'bans' | 'people'>} */
    this.list = signal('');
    /** null until the server said it. @type {import('@preact/signals').Signal<Ban[] | null>} */
    this.bans = signal(null);
    /** @type {import('@preact/signals').Signal<RoomPerson[] | null>} */
    this.people = signal(null);
    socket.on('bans', ({ bans }) => (this.bans.value = bans));
    socket.on('people', ({ people }) => (this.people.value = people));
    socket.on('joined', () => this.bans.value && this.#ask('list_bans'));
  }

  /** Whether it is oneself: only what one said can be taken back. @param {PersonRef} person */
  isMe = (person) => person.id === this.socket.you.value?.id;

  /** @param {Chosen} chosen */
  choose = (chosen) => {
    if (this.allowed.value) this.chosen.value = chosen;
  };

  putAway = () => {
    this.chosen.value = null;
  };

  closeList = () => {
    this.list.value = '';
  };

  showBans = () => {
    this.list.value = 'bans';
    this.#ask('list_bans');
  };

  showPeople = () => {
    this.list.value = 'people';
    this.#ask('list_people');
  };

  /** @param {PersonRef} person */
  mute = (person) => {
    this.#do({ type: 'mute_person', person: person.id }, t('mod.muted', { name: person.name }));
  };

  /** @param {PersonRef} person */
  remove = (person) => {
    this.#do({ type: 'remove', person: person.id }, t('mod.removed', { name: person.name }));
  };

  /** @param {PersonRef} person */
  ban = async (person) => {
    this.putAway();
    const question = { title: t('mod.ban_ask', { name: person.name }), text: t('mod.ban_ask_text'), yes: t('mod.ban'), danger: true };
    if (await ask(question)) this.#do({ type: 'ban', person: person.id }, t('mod.banned', { name: person.name }));
  };

  /** @param {PersonRef} person */
  unban = (person) => {
    this.#do({ type: 'unban', person: person.id }, t('mod.unbanned', { name: person.name }));
  };

  /** @param {Line} line */
  deleteLine = (line) => {
    this.#do({ type: 'delete_chat', chat: line.id }, t('mod.deleted'));
  };

  /** @param {{type: string, [field: string]: unknown}} message @param {string} done */
  #do(message, done) {
    this.putAway();
    const refused = (/** @type {unknown} */ error) => toast(errorText(error), { kind: 'error' });
    const sent = this.socket.send(message, refused, () => toast(done, { kind: 'ok' }));
    if (!sent) refused({ code: 'network', message: '' });
  }

  /** @param {string} type */
  #ask(type) {
    this.socket.send({ type }, (error) => toast(errorText(error), { kind: 'error' }));
  }
}
