import type { PhoneProblem } from '../phone.ts';
import { devices } from './devices.ts';

/** Why the microphone could not be had. @throws what is no error of getUserMedia. */
export function problemOfMicrophone(error: unknown): PhoneProblem {
  const name = error instanceof DOMException || error instanceof Error ? error.name : '';
  switch (name) {
    case 'NotAllowedError':
    case 'SecurityError':
      return 'microphone-refused';
    case 'NotFoundError':
    case 'OverconstrainedError':
      return 'microphone-missing';
    case 'NotReadableError':
    case 'AbortError':
    case 'InvalidStateError':
      return 'media-failed';
    default:
      throw error;
  }
}

const PROCESSING: MediaTrackConstraints = { echoCancellation: true, noiseSuppression: true, autoGainControl: true };

const open = (audio: MediaTrackConstraints) => navigator.mediaDevices.getUserMedia({ audio });

/** The chosen one, or else the system's. @throws DOMException, see problemOfMicrophone. */
export async function openMicrophone(): Promise<MediaStream> {
  // Absent on a page that is neither https nor localhost.
  if (!('mediaDevices' in navigator)) throw new DOMException('the page is not secure', 'SecurityError');
  const chosen = devices().present('microphone');
  const stream = await (chosen ? openOr(chosen.id) : open(PROCESSING));
  await devices().refresh(); // with the first permission the names become known
  return stream;
}

/** A device that has just been pulled out, or that another program holds, leaves the system's. */
async function openOr(id: string): Promise<MediaStream> {
  try {
    return await open({ ...PROCESSING, deviceId: { exact: id } });
  } catch (error) {
    if (problemOfMicrophone(error) === 'microphone-refused') throw error;
    return open(PROCESSING);
  }
}
