import { openMicrophone, problemOfMicrophone } from '../devices/microphone.ts';
import type { PhoneProblem } from '../phone.ts';

/** What unlock() did not get. */
export type Refusal = Extract<PhoneProblem, 'microphone-refused' | 'microphone-missing' | 'media-failed'> | 'sound' | 'notifications';

/** Asks for microphone and notifications, in the handler of a click or key. @param sound whether the page may be heard */
export async function askPermissions(sound: Promise<boolean>): Promise<Refusal[]> {
  const notifications = 'Notification' in window ? Notification.requestPermission() : Promise.resolve('denied');
  const refused: Refusal[] = [];
  try {
    for (const track of (await openMicrophone()).getTracks()) track.stop();
  } catch (error) {
    refused.push(problemOfMicrophone(error) as Refusal);
  }
  if (!(await sound)) refused.push('sound');
  if ((await notifications) !== 'granted') refused.push('notifications');
  return refused;
}
