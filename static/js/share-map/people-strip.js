/** Who is here: faces with who speaks, who is muted, who is done. A tap follows. */
import { html } from '../html.js';
import { t } from '../i18n.js';
import { Avatar } from '../ui/avatar.js';
import { Button } from '../ui/button.js';
import { Icon } from '../ui/icon.js';

/** @typedef {import('./wire.js').RoomPerson} RoomPerson */

/** @type {Record<RoomPerson['voice'], string>} */
const VOICE_ICONS = { off: '', on: 'mic', muted: 'mic-off' };

/** @typedef {import('../moderation/moderation.js').Moderation} Moderation */

/** @param {{room: import('./room.js').MapRoom, ui: import('./room-ui.js').RoomUi, moderation: Moderation}} props */
export function PeopleStrip({ room, ui, moderation }) {
  const me = room.you.value?.id;
  const everyone = room.people.value;
  const ordered = [...everyone.filter(({ id }) => id === me), ...everyone.filter(({ id }) => id !== me)];
  return html`
    <ul class="people" aria-label=${t('map.people', { n: everyone.length })} data-testid="people">
      ${ordered.map((person) => html`<li key=${person.id}><${Face} person=${person} room=${room} ui=${ui} moderation=${moderation} /></li>`)}
    </ul>
  `;
}

/**
 * In the sheet of somebody's face.
 * @param {{person: import('../types.js').PersonRef, room: import('./room.js').MapRoom,
 *   ui: import('./room-ui.js').RoomUi, moderation: Moderation}} props
 */
export function FollowChoice({ person, room, ui, moderation }) {
  const here = room.people.value.some(({ id }) => id === person.id);
  if (!here || moderation.isMe(person)) return null;
  const followed = ui.following.value === person.id;
  const press = () => {
    moderation.putAway();
    ui.following.value = followed ? '' : person.id;
  };
  return html`<${Button} kind="secondary" icon=${followed ? 'eye-off' : 'eye'} wide onClick=${press}>${t(followed ? 'map.unfollow' : 'map.follow')}<//>`;
}

/** @param {{person: RoomPerson, room: import('./room.js').MapRoom, ui: import('./room-ui.js').RoomUi, moderation: Moderation}} props */
function Face({ person, room, ui, moderation }) {
  const mine = person.id === room.you.value?.id;
  const speaking = room.speakers.value.includes(person.id);
  const done = room.ballot.value.open && room.ballot.value.done.has(person.id);
  const followed = ui.following.value === person.id;
  const about = describe(person, { mine, speaking, done, moderates: moderation.allowed.value });
  const names = `person${followed ? ' followed' : ''}${speaking ? ' speaking' : ''}${person.away ? ' away' : ''}`;
  const inside = html`
    <span class="person-face">
      <${Avatar} person=${person} size=${40} ring=${speaking ? 'speaking' : 'none'} dim=${person.away} />
      ${done && html`<span class="person-done">${t('map.done_bubble')}</span>`}
      ${person.host && html`<span class="person-badge host"><${Icon} name="crown" size=${12} /></span>`}
      ${VOICE_ICONS[person.voice] && html`<span class=${`person-badge voice ${person.voice}`}><${Icon} name=${VOICE_ICONS[person.voice]} size=${12} /></span>`}
    </span>
    <span class="person-name">${mine ? t('you') : person.name}</span>
  `;
  const style = { '--colour': room.colourOf(person.id) };
  const facts = {
    'data-person': person.id, 'data-speaking': String(speaking), 'data-voice': person.voice, 'data-done': String(done),
  };
  if (mine) return html`<span class=${names} style=${style} ...${facts} role="img" aria-label=${about} data-testid="person-me">${inside}</span>`;
  const outline = () => (ui.outlined.value = person.id);
  const noOutline = () => (ui.outlined.value = '');
  const moderates = moderation.allowed.value;
  const follow = () => (ui.following.value = followed ? '' : person.id);
  const title = followed ? 'map.follow_stop_title' : 'map.follow_title';
  return html`
    <button
      type="button"
      class=${names}
      style=${style}
      ...${facts}
      aria-pressed=${moderates ? undefined : followed}
      aria-haspopup=${moderates ? 'dialog' : undefined}
      aria-label=${about}
      title=${moderates ? t('map.person_menu', { name: person.name }) : t(title, { name: person.name })}
      data-testid="person"
      onClick=${moderates ? () => moderation.choose({ person }) : follow}
      onPointerEnter=${(/** @type {PointerEvent} */ e) => e.pointerType === 'mouse' && outline()}
      onPointerLeave=${noOutline}
      onFocus=${(/** @type {FocusEvent} */ e) => /** @type {Element} */ (e.target).matches(':focus-visible') && outline()}
      onBlur=${noOutline}
    >
      ${inside}
    </button>
  `;
}

/**
 * @param {RoomPerson} person
 * @param {{mine: boolean, speaking: boolean, done: boolean, moderates: boolean}} facts
 */
function describe(person, { mine, speaking, done, moderates }) {
  const purpose = mine ? 'map.person_me' : moderates ? 'map.person_menu' : 'map.person_follow';
  return [
    t(purpose, { name: person.name }),
    person.host && t('host'),
    person.away && t('map.person_away'),
    person.voice === 'on' && t('map.person_voice'),
    person.voice === 'muted' && t('map.person_muted'),
    speaking && t('map.person_speaking'),
    done && t('map.person_done'),
  ].filter(Boolean).join(', ');
}
