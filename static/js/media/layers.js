/** Which simulcast layers a connection sends: the server says what is worth sending. */

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
