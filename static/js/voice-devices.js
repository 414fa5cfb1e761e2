/**
 * Which microphones and speakers there are, and which one was chosen on this device. Browsers tell
 * names only after the microphone was allowed once.
 *
 * @typedef {{id: string, label: string}} Device
 * @typedef {{inputs: Device[], outputs: Device[]}} Devices
 */

const KEYS = { input: 'wagu.microphone', output: 'wagu.speaker' };

/** @type {Devices} */
export const NO_DEVICES = { inputs: [], outputs: [] };

/**
 * @param {MediaDevices | undefined} devices
 * @returns {Promise<Devices>}
 */
export async function listDevices(devices) {
  if (!devices?.enumerateDevices) return NO_DEVICES;
  const all = await devices.enumerateDevices().catch(() => []);
  /** @param {MediaDeviceKind} wanted */
  const named = (wanted) => all
    .filter(({ kind, deviceId }) => kind === wanted && deviceId !== '')
    .map(({ deviceId, label }) => ({ id: deviceId, label }));
  return { inputs: named('audioinput'), outputs: named('audiooutput') };
}

/** @param {Pick<Storage, 'getItem'>} storage @param {'input' | 'output'} which */
export function chosenDevice(storage, which) {
  try {
    return storage.getItem(KEYS[which]) ?? '';
  } catch {
    return '';
  }
}

/** @param {Pick<Storage, 'setItem'>} storage @param {'input' | 'output'} which @param {string} id */
export function chooseDevice(storage, which, id) {
  try {
    storage.setItem(KEYS[which], id);
  } catch {
    // Without storage the choice holds until the page is left.
  }
}
