/**
 * An offer whose sound may be asked for again (NACK, RFC 4585). Browsers can send and answer NACKs for
 * Opus but do not offer them by themselves; one that will not have its offer changed keeps it as it is.
 */

/** Make and set the offer. @param {RTCPeerConnection} pc @returns {Promise<string>} its SDP */
export async function offerWithRepair(pc) {
  const { sdp = '' } = await pc.createOffer({});
  try {
    await pc.setLocalDescription({ type: 'offer', sdp: withNack(sdp) });
  } catch {
    await pc.setLocalDescription();
  }
  return pc.localDescription?.sdp ?? '';
}

/** Each Opus payload type with `rtcp-fb … nack`, once. Pure. @param {string} sdp */
export function withNack(sdp) {
  return sdp.replace(/^a=rtpmap:(\d+) opus\/48000.*\r?\n/gim, (line, type) => {
    const nack = `a=rtcp-fb:${type} nack`;
    return sdp.includes(`${nack}\r\n`) ? line : `${line}${nack}\r\n`;
  });
}
