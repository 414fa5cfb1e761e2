/**
 * An ICE restart as WHIP's PATCH carries it (RFC 8840, RFC 9725 section 4.3): our new credentials as a
 * fragment, the server's as a change to the answer that we have. Keys and streams stay.
 */

/** Make new credentials. @param {RTCPeerConnection} pc @returns {Promise<string>} the fragment to send */
export async function beginRestart(pc) {
  await pc.setLocalDescription(await pc.createOffer({ iceRestart: true }));
  return fragmentOf(pc.localDescription?.sdp ?? '');
}

/** @param {RTCPeerConnection} pc @param {string} fragment  the server's */
export async function finishRestart(pc, fragment) {
  const answer = pc.remoteDescription?.sdp ?? '';
  await pc.setRemoteDescription({ type: 'answer', sdp: renewed(answer, fragment) });
}

/** No candidates: an ICE-lite server learns addresses from our checks. Pure. @param {string} sdp */
export function fragmentOf(sdp) {
  const lines = sdp.split(/\r?\n/);
  const first = lines.findIndex((line) => line.startsWith('m='));
  const of = (/** @type {string} */ name) => lines.find((line) => line.startsWith(`a=${name}:`)) ?? '';
  return [lines[first] ?? '', of('mid'), of('ice-ufrag'), of('ice-pwd')].map((line) => `${line}\r\n`).join('');
}

/** The answer with another ufrag, password and candidates. Pure. @param {string} answer @param {string} fragment */
export function renewed(answer, fragment) {
  const theirs = fragment.split(/\r?\n/);
  const ufrag = theirs.find((line) => line.startsWith('a=ice-ufrag:')) ?? '';
  const pwd = theirs.find((line) => line.startsWith('a=ice-pwd:')) ?? '';
  const candidates = theirs.filter((line) => line.startsWith('a=candidate:'));
  return answer
    .split(/\r?\n/)
    .flatMap((line) => {
      if (line.startsWith('a=candidate:') || line === 'a=end-of-candidates') return [];
      if (line.startsWith('a=ice-ufrag:')) return [ufrag];
      if (line.startsWith('a=ice-pwd:')) return [pwd, ...candidates, 'a=end-of-candidates'];
      return [line];
    })
    .join('\r\n');
}
