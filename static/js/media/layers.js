/** Which simulcast layers a connection sends: as many as the picture is large, and of those what the server says. */

/**
 * Low to high, the order in which a browser gives bandwidth away. Chromium makes no third layer of a picture
 * under 960×540 and no second one under 480×270, and leaves out the last that it was asked for: the best.
 */
const LADDERS = [
  {
    from: 960 * 540, // 720p: 180p, 360p, 720p
    encodings: [
      { rid: 'l', scaleResolutionDownBy: 4, maxBitrate: 150_000 },
      { rid: 'm', scaleResolutionDownBy: 2, maxBitrate: 500_000 },
      { rid: 'h', scaleResolutionDownBy: 1, maxBitrate: 1_700_000 },
    ],
  },
  {
    from: 480 * 270, // 360p: 180p, 360p
    encodings: [
      { rid: 'l', scaleResolutionDownBy: 2, maxBitrate: 150_000 },
      { rid: 'h', scaleResolutionDownBy: 1, maxBitrate: 700_000 },
    ],
  },
  { from: 0, encodings: [{ rid: 'h', scaleResolutionDownBy: 1, maxBitrate: 300_000 }] },
];

/** A guest's picture is a tile beside the host's, two layers at most. */
const GUEST_MOST = 500_000;

/**
 * @param {{width?: number, height?: number}} size  of the camera's picture; unknown counts as large
 * @param {boolean} guest
 * @returns {(RTCRtpEncodingParameters & {maxBitrate: number})[]}
 */
export function encodingsOf({ width = 1280, height = 720 }, guest) {
  const ladders = guest ? LADDERS.slice(1) : LADDERS;
  const { encodings } = ladders.find(({ from }) => width * height >= from) ?? LADDERS[0];
  return encodings.map((each) => ({ ...each, maxBitrate: guest ? Math.min(each.maxBitrate, GUEST_MOST) : each.maxBitrate }));
}

/**
 * `setParameters` takes one change at a time, and only what the latest `getParameters` gave; so
 * changes wait for each other, and the newest wish wins.
 */
export class Layers {
  /** @param {Pick<RTCPeerConnection, 'getSenders'>} pc */
  constructor(pc) {
    /** @private */
    this.pc = pc;
    /** @private @type {Set<string> | null} */
    this.wanted = null;
    /** @private */
    this.busy = Promise.resolve();
  }

  /** @param {string[]} rids */
  want(rids) {
    this.wanted = new Set(rids);
    this.busy = this.busy.then(() => this.apply()).catch(() => {}); // the connection is closing
    return this.busy;
  }

  /** @private */
  async apply() {
    const sender = this.pc.getSenders().find(({ track }) => track?.kind === 'video');
    const parameters = sender?.getParameters();
    const encodings = parameters?.encodings ?? [];
    const change = encodings.filter(({ rid, active }) => rid && active !== this.wanted?.has(rid));
    if (!sender || !parameters || change.length === 0) return;
    for (const encoding of change) encoding.active = !encoding.active;
    await sender.setParameters(parameters);
  }
}
