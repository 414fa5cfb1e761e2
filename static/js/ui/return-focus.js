/** The focus goes back to where it was when a dialog goes: browsers cannot do it, the dialog is out of the page by then. */

/** To be called before the dialog opens. @returns {() => void}  to be called when it is gone */
export function returnFocus() {
  const before = document.activeElement;
  return () => {
    if (document.activeElement && document.activeElement !== document.body) return; // somebody took it
    const there = before instanceof HTMLElement && before !== document.body && before.isConnected ? before : document.getElementById('main');
    there?.focus({ preventScroll: true });
  };
}
