/** Following as one taps: shown at once, asked one at a time, taken back when it is refused. Pure. */

/**
 * @param {object} wish
 * @param {boolean} wish.follows  as the server said last
 * @param {(follow: boolean) => Promise<void>} wish.send
 * @param {(follows: boolean) => void} wish.show
 * @param {(error: unknown, follow: boolean) => void} wish.failed  what was asked for in vain
 * @returns {() => Promise<void>}  changes one's mind; settles when the server agrees with what is shown
 */
export function followWish({ follows, send, show, failed }) {
  let truth = follows;
  let wanted = follows;
  let asking = false;

  /** Taps while a question is under way only change what is asked next. */
  async function settle() {
    if (asking) return;
    asking = true;
    while (wanted !== truth) {
      const asked = wanted;
      try {
        await send(asked);
        truth = asked;
      } catch (error) {
        wanted = truth;
        show(truth);
        failed(error, asked);
      }
    }
    asking = false;
  }

  return () => {
    wanted = !wanted;
    show(wanted);
    return settle();
  };
}
