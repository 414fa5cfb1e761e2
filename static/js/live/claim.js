/** The tabs of one browser agree on who sends a live: whoever went on air last. */

export class Claim {
  /**
   * @param {string} live
   * @param {() => void} onLost  another tab sends now
   */
  constructor(live, onLost) {
    /** @private */
    this.channel = new BroadcastChannel(`wagu.live/${live}`);
    this.channel.onmessage = onLost;
  }

  /** We are on air. */
  stake() {
    this.channel.postMessage('on air');
  }

  close() {
    this.channel.close();
  }
}
