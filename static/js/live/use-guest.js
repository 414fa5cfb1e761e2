/** A viewer's turn on the stage: asked, on it, and off it again. */
import { useEffect, useState } from 'preact/hooks';
import { loadConfig } from '../config.js';
import { t } from '../i18n.js';
import { publish } from '../media.js';
import { toast } from '../ui/toast.js';
import { studio } from './studio.js';
import { useMedia } from './use-media.js';
import { useShut } from './use-shut.js';

/** @param {import('./room.js').LiveRoom} room */
export function useGuest(room) {
  const [on, setOn] = useState(false);
  const guest = room.shownOut.value ? null : room.guest.value;
  const stream = studio.stream.value;
  const sends = on && guest?.state === 'accepted' && Boolean(stream);
  const { session } = useMedia(room, sends, () => send(room));
  useEffect(() => {
    for (const track of stream?.getTracks() ?? []) void session?.replace(track);
  }, [stream, session]);
  useShut(session);
  useEffect(() => room.socket.on('layers', ({ rids }) => session?.sendLayers(rids)), [room, session]);
  useEffect(() => {
    if (guest) return;
    if (on) toast(t('stage.over'));
    setOn(false);
    studio.close(); // also what was only looked at
  }, [guest === null]);
  useEffect(() => () => studio.close(), []);
  useMicrophone(room, session?.state.value === 'live' && room.isOnStage());
  const replaced = session?.error.value?.code === 'media.replaced'; // another tab of theirs sends now
  useEffect(() => {
    if (!replaced) return;
    setOn(false);
    studio.close();
  }, [replaced]);
  return {
    guest,
    on,
    /** To be asked: for the first time, or after a reload; not while another tab of theirs is seen. */
    asked: guest !== null && !on && !(guest.state === 'accepted' && room.isOnStage()),
    accept() {
      setOn(true);
      room.answer(true);
    },
    decline() {
      setOn(false);
      studio.close();
      if (guest) room.endStage(guest.id);
    },
  };
}

/**
 * All are told of a guest's microphone that is off, and a moderator may turn it off. The server's word holds
 * after a lost connection: who is muted there is heard by nobody.
 *
 * @param {import('./room.js').LiveRoom} room
 * @param {boolean} seen
 */
function useMicrophone(room, seen) {
  const { muted } = studio.shut.value;
  useEffect(() => {
    if (seen && muted !== room.guest.value?.muted) room.muteMyself(muted);
  }, [room, seen, muted]);
  useEffect(() => {
    if (!seen) return undefined;
    const offs = [
      room.socket.on('muted_by', ({ by }) => {
        studio.shutOff({ muted: true });
        toast(t('mod.muted_by', { name: by.name }));
      }),
      room.socket.on('joined', () => {
        if (room.guest.value?.muted) studio.shutOff({ muted: true });
        else if (studio.shut.value.muted) room.muteMyself(true);
      }),
    ];
    return () => offs.forEach((off) => off());
  }, [room, seen]);
}

/** @param {import('./room.js').LiveRoom} room */
async function send(room) {
  const { media } = await loadConfig();
  const stream = /** @type {MediaStream} */ (studio.stream.value);
  return publish(stream, () => room.guestTicket(), { simulcast: media.simulcast, guest: true, isOnAir: async () => room.isOnStage() });
}
