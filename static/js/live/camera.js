/** Asking the browser for camera and microphone, and saying plainly why it did not hand them out. */

/**
 * @typedef {'insecure' | 'denied' | 'none' | 'no_microphone' | 'busy' | 'failed'} CameraProblem
 * @typedef {{video: boolean, camera?: string, microphone?: string, facing: 'user' | 'environment', small?: boolean}} Wanted
 *   `small`: a picture beside another one; `camera` and `microphone` are device ids; without one `facing` chooses the camera
 */

export class CameraError extends Error {
  /** @param {CameraProblem} problem */
  constructor(problem) {
    super(problem);
    this.name = 'CameraError';
    this.problem = problem;
  }
}

/** Browsers hide camera and microphone from pages that are not https:// (or this machine). */
export const isAvailable = () => window.isSecureContext && Boolean(navigator.mediaDevices?.getUserMedia);

/**
 * @param {Wanted} wanted
 * @returns {Promise<MediaStream>}
 */
export async function openCamera(wanted) {
  if (!isAvailable()) throw new CameraError('insecure');
  try {
    return await navigator.mediaDevices.getUserMedia(constraintsOf(wanted));
  } catch (error) {
    throw new CameraError(await problemOf(error, wanted));
  }
}

/** Whether the browser will not ask (again); where it cannot tell, it may ask. */
export async function isGranted() {
  try {
    const names = /** @type {PermissionName[]} */ (/** @type {unknown} */ (['camera', 'microphone']));
    const states = await Promise.all(names.map((name) => navigator.permissions.query({ name })));
    return states.every(({ state }) => state === 'granted');
  } catch {
    return false;
  }
}

/** What can be chosen from; empty names until the permission is there. */
export async function listDevices() {
  const all = (await navigator.mediaDevices?.enumerateDevices().catch(() => [])) ?? [];
  return {
    cameras: all.filter(({ kind }) => kind === 'videoinput'),
    microphones: all.filter(({ kind }) => kind === 'audioinput'),
  };
}

/** @param {Wanted} wanted @returns {MediaStreamConstraints} */
function constraintsOf({ video, camera, microphone, facing, small }) {
  const lens = camera ? { deviceId: { exact: camera } } : { facingMode: { ideal: facing } };
  const voice = microphone ? { deviceId: { exact: microphone } } : {};
  return {
    audio: { echoCancellation: true, noiseSuppression: true, autoGainControl: true, ...voice },
    video: video && { width: { ideal: small ? 640 : 1280 }, height: { ideal: small ? 360 : 720 }, frameRate: { ideal: 30, max: 30 }, ...lens },
  };
}

/** @param {unknown} error @param {Wanted} wanted @returns {Promise<CameraProblem>} */
async function problemOf(error, { video }) {
  const name = /** @type {{name?: string}} */ (error)?.name;
  if (name === 'NotAllowedError' || name === 'SecurityError') return 'denied';
  if (name === 'NotReadableError' || name === 'AbortError') return 'busy';
  if (name !== 'NotFoundError' && name !== 'OverconstrainedError') return 'failed';
  const { microphones } = await listDevices();
  return video && microphones.length > 0 ? 'none' : 'no_microphone';
}
