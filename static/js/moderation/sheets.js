/** A moderator's sheets: what can be done about somebody, who is banned, who is here. */
import { html } from '../html.js';
import { relativeTime, t } from '../i18n.js';
import { Avatar } from '../ui/avatar.js';
import { Button } from '../ui/button.js';
import { Icon } from '../ui/icon.js';
import { Sheet } from '../ui/sheet.js';
import { Loading } from '../ui/spinner.js';

/** @typedef {import('./moderation.js').Moderation} Moderation */

/**
 * All of them, for a room to place once.
 * @param {{moderation: Moderation, talks?: (id: string) => boolean, actions?: (person: import('../types.js').PersonRef) => unknown}} props
 *   `talks`: whether their microphone is on; `actions`: what else the room can do about somebody
 */
export function ModerationSheets({ moderation, talks = () => false, actions = () => null }) {
  return html`
    <${PeopleSheet} moderation=${moderation} />
    <${BansSheet} moderation=${moderation} />
    <${PersonSheet} moderation=${moderation} talks=${talks} actions=${actions} />
  `;
}

/** @param {{moderation: Moderation, talks: (id: string) => boolean, actions: (person: import('../types.js').PersonRef) => unknown}} props */
function PersonSheet({ moderation, talks, actions }) {
  const chosen = moderation.chosen.value;
  if (!chosen) return null;
  const { person, line } = chosen;
  const others = !moderation.isMe(person);
  return html`
    <${Sheet} open onClose=${moderation.putAway} title=${person.name} testId="person-sheet">
      <div class="stack tight">
        ${line && html`<blockquote class="moderated-line">${line.text}</blockquote>`}
        ${line && html`<${Button} kind="secondary" icon="trash-2" wide onClick=${() => moderation.deleteLine(line)}>${t('mod.delete')}<//>`}
        ${actions(person)}
        ${others && talks(person.id) && html`<${Button} kind="secondary" icon="mic-off" wide onClick=${() => moderation.mute(person)}>${t('mod.mute')}<//>`}
        ${others && html`<${Button} kind="secondary" icon="door-open" wide onClick=${() => moderation.remove(person)}>${t('mod.remove')}<//>`}
        ${others && html`<${Button} kind="danger" icon="ban" wide onClick=${() => moderation.ban(person)}>${t('mod.ban')}<//>`}
        ${others && html`<p class="muted small">${t('mod.person_text')}</p>`}
      </div>
    <//>
  `;
}

/** @param {{moderation: Moderation}} props */
function BansSheet({ moderation }) {
  const bans = moderation.bans.value;
  return html`
    <${Sheet} open=${moderation.list.value === 'bans'} onClose=${moderation.closeList} title=${t('mod.bans')} testId="bans-sheet">
      ${!bans && html`<${Loading} />`}
      ${bans?.length === 0 && html`<p class="muted">${t('mod.bans_none')}</p>`}
      ${bans && bans.length > 0 && html`
        <ul class="moderated">
          ${bans.map(({ person, at }) => html`
            <li key=${person.id}>
              <${Avatar} person=${person} size=${40} />
              <span class="moderated-words"><b class="truncate">${person.name}</b><span class="muted small">${relativeTime(at, Date.now())}</span></span>
              <${Button} kind="secondary" class="compact" icon="undo-2" onClick=${() => moderation.unban(person)}>${t('mod.unban')}<//>
            </li>
          `)}
        </ul>
      `}
    <//>
  `;
}

/** @param {{moderation: Moderation}} props */
function PeopleSheet({ moderation }) {
  const people = moderation.people.value?.filter((person) => !moderation.isMe(person));
  return html`
    <${Sheet} open=${moderation.list.value === 'people'} onClose=${moderation.closeList} title=${t('mod.people')} testId="people-sheet">
      ${!people && html`<${Loading} />`}
      ${people?.length === 0 && html`<p class="muted">${t('mod.people_none')}</p>`}
      ${people && people.length > 0 && html`
        <ul class="moderated">
          ${people.map((person) => html`
            <li key=${person.id}>
              <button type="button" class="moderated-person" onClick=${() => pick(moderation, person)}>
                <${Avatar} person=${person} size=${40} dim=${person.away} />
                <span class="moderated-words"><b class="truncate">${person.name}</b>${person.kind === 'guest' && html`<span class="muted small">${t('guest')}</span>`}</span>
                <${Icon} name="chevron-right" size=${20} />
              </button>
            </li>
          `)}
        </ul>
      `}
      <${Button} kind="quiet" icon="ban" wide onClick=${moderation.showBans}>${t('mod.bans')}<//>
    <//>
  `;
}

/** @param {Moderation} moderation @param {import('../types.js').RoomPerson} person */
function pick(moderation, person) {
  moderation.closeList();
  moderation.choose({ person });
}
