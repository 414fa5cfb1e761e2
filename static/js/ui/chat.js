/** A room's chat: the lines and a place to write. Lives lay it over the video, maps show it in a panel. */
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { html } from '../html.js';
import { errorText, locale, t } from '../i18n.js';
import { Avatar } from './avatar.js';
import { IconButton } from './button.js';
import { Icon } from './icon.js';

const LONGEST = 500; // characters, as PROTOCOL.md
const NEAR = 48; // px from the end that still count as reading along

/**
 * @typedef {import('../chat-log.js').Line} Line
 * @typedef {import('../socket.js').RoomSocket} RoomSocket
 */

/**
 * @param {{socket: RoomSocket, overlay?: boolean, disabled?: boolean, invite?: unknown, onLine?: (line: Line) => void, children?: unknown}} props
 *   `invite` stands in place of the input (a guest who has no name yet); `onLine`: somebody's line was
 *   chosen, by who may do something about it; `children` stand beside the input
 */
export function Chat({ socket, overlay = false, disabled = false, invite, onLine, children }) {
  return html`
    <section class=${`chat${overlay ? ' overlay on-dark' : ''}`} aria-label=${t('chat.title')}>
      <${ChatLines} socket=${socket} onLine=${onLine} />
      <div class="chat-foot">
        ${invite ?? html`<${ChatInput} socket=${socket} disabled=${disabled} />`}${children}
      </div>
    </section>
  `;
}

/** @param {{socket: RoomSocket, onLine?: (line: Line) => void}} props */
export function ChatLines({ socket, onLine }) {
  const lines = socket.chat.lines.value;
  const me = socket.you.value?.id;
  const list = useRef(/** @type {HTMLDivElement | null} */ (null));
  const [behind, setBehind] = useState(false);
  const last = lines.at(-1);
  const toEnd = () => {
    list.current?.scrollTo({ top: list.current.scrollHeight });
    setBehind(false);
  };
  const reading = useRef(true);
  useLayoutEffect(() => {
    if (reading.current || last?.state === 'sending') toEnd();
    else setBehind(true);
  }, [last?.id]);
  useEffect(() => {
    if (!list.current) return undefined;
    const keep = new ResizeObserver(() => reading.current && toEnd());
    keep.observe(list.current);
    return () => keep.disconnect();
  }, []);
  const onScroll = () => {
    const { scrollHeight = 0, scrollTop = 0, clientHeight = 0 } = list.current ?? {};
    reading.current = scrollHeight - scrollTop - clientHeight < NEAR;
    if (reading.current) setBehind(false);
  };
  return html`
    <div class="chat-scroll">
      <div class="chat-lines" ref=${list} role="log" aria-relevant="additions" tabindex="0" aria-label=${t('chat.lines')}
        onScroll=${onScroll} data-testid="chat-lines">
        ${lines.length === 0 && html`<p class="chat-none">${t('chat.empty')}</p>`}
        <ol>${lines.map((line) => html`<${ChatLine} key=${line.id} line=${line} mine=${line.from.id === me} socket=${socket} onLine=${onLine} />`)}</ol>
      </div>
      ${behind && html`<button type="button" class="chat-behind" onClick=${toEnd}><${Icon} name="chevron-down" size=${16} />${t('chat.newer')}</button>`}
    </div>
  `;
}

/** @param {{line: Line, mine: boolean, socket: RoomSocket, onLine?: (line: Line) => void}} props */
function ChatLine({ line, mine, socket, onLine }) {
  const time = new Date(line.at).toLocaleTimeString(locale.value, { hour: 'numeric', minute: '2-digit' });
  const choose = onLine && !line.state ? () => onLine(line) : undefined;
  return html`
    <li class=${`chat-line${mine ? ' mine' : ''} ${line.state ?? ''}`}>
      <${Avatar} person=${line.from} size=${28} />
      <div class="chat-said">
        <p class="chat-by">
          ${choose ? html`<button type="button" class="chat-person" aria-label=${t('chat.about', { name: line.from.name })} onClick=${choose}><b>${line.from.name}</b></button>` : html`<b>${line.from.name}</b>`}
          ${' '}<time datetime=${new Date(line.at).toISOString()}>${time}</time>
        </p>
        <p class="chat-text">${line.text}</p>
        ${line.state === 'failed' &&
        html`<p class="chat-error">
          ${errorText(line.error)} <button type="button" onClick=${() => socket.sayAgain(line.nonce ?? '')}>${t('retry')}</button>
        </p>`}
      </div>
    </li>
  `;
}

/** @param {{socket: RoomSocket, disabled?: boolean}} props */
export function ChatInput({ socket, disabled = false }) {
  const [text, setText] = useState('');
  const submit = (/** @type {Event} */ event) => {
    event.preventDefault();
    if (!text.trim() || !socket.you.value) return;
    socket.say(text);
    setText('');
  };
  return html`
    <form class="chat-input" onSubmit=${submit}>
      <input
        value=${text}
        onInput=${(/** @type {InputEvent} */ e) => setText(/** @type {HTMLInputElement} */ (e.currentTarget).value)}
        onKeyDown=${ignoreComposition}
        maxlength=${LONGEST}
        placeholder=${t('chat.placeholder')}
        aria-label=${t('chat.placeholder')}
        autocomplete="off"
        enterkeyhint="send"
        disabled=${disabled}
      />
      <${IconButton} icon="send" kind="solid" label=${t('chat.send')} type="submit" disabled=${disabled || !text.trim()} />
    </form>
  `;
}

/** Enter that ends a Hangul syllable is not yet "send". @param {KeyboardEvent} event */
function ignoreComposition(event) {
  if (event.key === 'Enter' && event.isComposing) event.preventDefault();
}
