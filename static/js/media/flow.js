/** Does media still arrive? Judged by the bytes of the ICE pairs: STUN does not count there, RTP and RTCP do. */

/** @param {RTCPeerConnection} pc @returns {Promise<number>} */
export async function bytesReceived(pc) {
  let sum = 0;
  for (const report of (await pc.getStats()).values()) {
    if (report.type === 'candidate-pair') sum += report.bytesReceived ?? 0;
  }
  return sum;
}

const GAPS = 12; // samples of which the longest silence counts as usual
const AT_LEAST = 800; // ms; the server says something within 750
const AT_MOST = 1600; // ms; a page that was busy for a while must not get used to silence
const TIMES = 2.5;

/** Remembers when the count moved, and how long it usually stands still. Pure. */
export class Flow {
  /** @param {number} now ms */
  constructor(now) {
    this.bytes = -1;
    this.movedAt = now;
    /** @private @type {number[]} */
    this.gaps = [];
  }

  /** @param {number} bytes @param {number} now @returns {number} ms without news */
  sample(bytes, now) {
    const more = bytes > this.bytes;
    this.bytes = bytes; // fewer: a pair that is given up takes its count along
    if (more) {
      const gap = now - this.movedAt;
      if (gap < this.faintAfter) this.gaps = [...this.gaps, gap].slice(-GAPS); // not what was a fault
      this.movedAt = now;
    }
    return now - this.movedAt;
  }

  /** Silent for longer than this flow ever is: 0.8 s at least, 1.6 at most. */
  get faintAfter() {
    return Math.min(AT_MOST, Math.max(AT_LEAST, TIMES * Math.max(0, ...this.gaps)));
  }
}
