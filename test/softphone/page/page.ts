/** A plain page with nothing but the softphone. `?fake` puts the scriptable phone behind it, `?tabs` shares that with other tabs. */
import axe from 'axe-core';
import type { AlloSoftphone, PhoneAccount, PhoneCall } from '../../../softphone/index.ts';
import '../../../softphone/index.ts';
import { SharedPhone } from '../../../softphone/tabs/shared-phone.ts';
import { FakePhone } from '../../../softphone/fake-phone.ts';

const element = document.createElement('allo-softphone');
const fake = new FakePhone();
const states: string[] = [];
const calls: PhoneCall[] = [];
const logged: string[] = [];
document.addEventListener('phone-state', (event) => states.push(event.detail.registration));
document.addEventListener('phone-call', (event) => calls.push(event.detail.call));

const peers: RTCPeerConnection[] = [];
window.RTCPeerConnection = class extends RTCPeerConnection {
  constructor(configuration?: RTCConfiguration) {
    super(configuration);
    peers.push(this);
  }
};

/** Energy of all the sound that the newest call has heard so far: 1 is a second at full volume. */
async function heard(): Promise<number> {
  const reports = [...((await peers.at(-1)!.getStats()) as unknown as Map<string, { type: string; totalAudioEnergy?: number }>).values()];
  return reports.find((report) => report.type === 'inbound-rtp')?.totalAudioEnergy ?? 0;
}

const query = new URLSearchParams(location.search);
element.lang = query.get('lang') ?? '';
element.log = (level, category, message) => logged.push(`${level} ${category}: ${message}`);
if (query.has('tabs')) element.phone = new SharedPhone('fake', () => fake);
else if (query.has('fake')) element.phone = fake;
element.phone?.start();
document.querySelector('main')!.append(element);

const sending = () => peers.at(-1)!.getSenders()[0]!.track!;

/** @returns the id of the track that has ended */
function pullMicrophone(): string {
  const track = sending();
  track.stop();
  track.dispatchEvent(new Event('ended'));
  return track.id;
}

/** Kept over a reload, as a real page would fetch it again. */
function signIn(account: PhoneAccount | null): void {
  sessionStorage.setItem('account', JSON.stringify(account));
  element.account = account;
}
element.account = JSON.parse(sessionStorage.getItem('account') ?? 'null') as PhoneAccount | null;

/** @returns ms from the beginning of the page to the moment at which sound came and went. */
async function firstSound(): Promise<number> {
  for (;;) {
    const sound = await element.stats();
    if (sound && sound.packetsReceived > 2 && sound.packetsSent > 2) return performance.now();
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

export interface Desk {
  element: AlloSoftphone;
  fake: FakePhone;
  states: string[];
  calls: PhoneCall[];
  logged: string[];
  heard(): Promise<number>;
  pullMicrophone(): string;
  /** The id of the track that is being sent. */
  microphone(): string;
  signIn(account: PhoneAccount | null): void;
  firstSound(): Promise<number>;
  /** How many sessions have had sound since the page began. */
  legs(): number;
  /** For what a test observes in the page. */
  said: string[];
  axe: typeof axe;
}

declare global {
  interface Window {
    desk: Desk;
  }
}

window.desk = {
  element,
  fake,
  states,
  calls,
  logged,
  heard,
  pullMicrophone,
  microphone: () => sending().id,
  signIn,
  firstSound,
  legs: () => peers.length,
  said: [],
  axe,
};
