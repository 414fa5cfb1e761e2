/** What the buttons of the room do when it takes more than one step. */
import { toast } from '../ui/toast.js';
import { ask } from '../ui/dialog.js';
import { api } from '../api.js';
import { errorText, t } from '../i18n.js';
import { navigate } from '../router.js';

/** A moving map asks for places only once it rests. */
const REST = 300;
const PLACES_MAX = 100;

export class RoomActions {
  /** @type {import('./stage.js').Stage | null} */ stage = null;
  /** @type {(() => void) | null} */ #stopPlaces = null;
  /** Places a search brought onto the map. @type {import('../types.js').Place[]} */ #picked = [];

  /**
   * @param {import('./room.js').MapRoom} room
   * @param {import('./room-ui.js').RoomUi} ui
   * @param {string} id  of the shared map
   */
  constructor(room, ui, id) {
    this.room = room;
    this.ui = ui;
    this.id = id;
    room.onerror = (error) => toast(errorText(error), { kind: 'error' });
  }

  /** A search result was picked. @param {import('../types.js').Place} place */
  pick = (place) => {
    this.#picked = [...this.#picked.filter(({ id }) => id !== place.id), place];
    this.ui.places.value = [...this.ui.places.value.filter(({ id }) => id !== place.id), place];
    const nominee = this.room.ballot.value.cards.find(({ placeId }) => placeId === place.id);
    this.#visit(nominee ? `nominee:${nominee.id}` : `place:${place.id}`, place.at);
  };

  /** Nothing known was meant: name a spot, by default where we look. @param {string} name */
  startDraft = (name) => {
    const [lat, lng] = this.stage?.canvas.look() ?? [0, 0];
    this.ui.snap.value = 'low';
    this.ui.following.value = '';
    this.ui.dropDraft([Number(lat.toFixed(6)), Number(lng.toFixed(6))]);
    const draft = this.ui.draft.value;
    if (draft && name) this.ui.draft.value = { ...draft, name };
  };

  /** @param {import('./ballot-model.js').Card} card */
  showNominee = ({ id, at }) => this.#visit(`nominee:${id}`, at);

  /** Own nominations go at once; another's, by the host, after a question.
   * @param {import('./ballot-model.js').Card} card */
  remove = async ({ id, name }) => {
    const nominee = this.room.state.value.ballot.nominees.find((one) => one.id === id);
    const mine = nominee?.by === this.room.you.value?.id;
    const question = { title: t('map.withdraw_ask', { name }), text: t('map.withdraw_ask_text'), yes: t('map.withdraw'), danger: true };
    if (!mine && !(await ask(question))) return;
    this.room.withdraw(id);
    if (this.ui.chosen.value === `nominee:${id}`) this.ui.choose('');
  };

  /** @param {import('../types.js').Place} place */
  nominatePlace = async ({ id, name, at, category }) => {
    try {
      await this.room.nominate({ name, at, place_id: id, ...(category && { category }) });
      const nominee = this.room.ballot.value.cards.find(({ placeId }) => placeId === id);
      if (this.ui.chosen.value === `place:${id}` && nominee) this.ui.choose(`nominee:${nominee.id}`);
    } catch (error) {
      toast(errorText(error), { kind: 'error' });
    }
  };

  /** @param {import('./room-ui.js').Draft} draft */
  submitDraft = async (draft) => {
    const { name, at, category } = draft;
    this.ui.draft.value = { ...draft, busy: true, problem: null };
    try {
      await this.room.nominate({ name: name.trim(), at, ...(category && { category }) });
      this.ui.dropNothing();
    } catch (error) {
      const problem = /** @type {{code: string, message: string}} */ (error);
      const now = this.ui.draft.value;
      if (now) this.ui.draft.value = { ...now, busy: false, problem };
    }
  };

  /** Whether somebody's microphone is on. @param {string} id */
  talks = (id) => this.room.people.value.some((person) => person.id === id && person.voice === 'on');

  closeBallot = async () => {
    const { waiting } = this.room.ballot.value;
    const text = waiting.length ? t('map.close_ballot_waiting', { names: waiting.map(({ name }) => name).join(', ') }) : undefined;
    if (await ask({ title: t('map.close_ballot_ask'), text, yes: t('map.close_ballot') })) this.room.closeBallot();
  };

  /** @param {string[]} keep */
  newBallot = (keep) => {
    this.ui.sheet.value = '';
    this.room.newBallot(keep);
  };

  endMap = async () => {
    this.ui.sheet.value = '';
    if (!(await ask({ title: t('map.end_ask'), text: t('map.end_ask_text'), yes: t('map.end'), danger: true }))) return;
    try {
      await api.delete(`/api/share-maps/${this.id}`);
      toast(t('map.end_done'), { kind: 'ok' });
      navigate('/vote');
    } catch (error) {
      toast(errorText(error), { kind: 'error' });
    }
  };

  /** Known places of the part of the map that is shown, on or off. */
  togglePlaces = () => {
    if (this.#stopPlaces) this.#hidePlaces();
    else this.#showPlaces();
  };

  close() {
    this.#stopPlaces?.();
    this.#stopPlaces = null;
  }

  #hidePlaces() {
    this.close();
    this.ui.placesShown.value = false;
    this.ui.places.value = this.#picked;
  }

  #showPlaces() {
    const map = this.stage?.canvas.map;
    if (!map) return;
    this.ui.placesShown.value = true;
    let timer = 0;
    const onMove = () => {
      clearTimeout(timer);
      timer = window.setTimeout(() => this.#loadPlaces(), REST);
    };
    map.on('moveend', onMove);
    this.#stopPlaces = () => {
      clearTimeout(timer);
      map.off('moveend', onMove);
    };
    this.#loadPlaces();
  }

  async #loadPlaces() {
    const bounds = this.stage?.canvas.map.getBounds();
    if (!bounds) return;
    const box = [bounds.getSouth(), bounds.getWest(), bounds.getNorth(), bounds.getEast()].map((x) => x.toFixed(5));
    try {
      const { places } = await api.get(`/api/places?bbox=${box.join()}&limit=${PLACES_MAX}`);
      if (!this.#stopPlaces) return;
      const here = new Set(places.map((/** @type {import('../types.js').Place} */ { id }) => id));
      this.ui.places.value = [...places, ...this.#picked.filter(({ id }) => !here.has(id))];
      if (places.length === 0) toast(t('map.places_none'));
    } catch (error) {
      toast(errorText(error), { kind: 'error' });
    }
  }

  /** @param {string} key @param {import('../types.js').LatLng} at */
  #visit(key, at) {
    this.ui.following.value = '';
    this.ui.choose(key);
    this.stage?.canvas.visit(at);
  }
}
