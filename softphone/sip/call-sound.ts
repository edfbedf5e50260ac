import { devices } from '../devices/devices.ts';
import { openMicrophone } from '../devices/microphone.ts';
import { soundOn } from '../devices/sink.ts';
import type { PhoneCall } from '../phone.ts';
import { messageOf } from './log.ts';
import type { PhoneLog } from './log.ts';
import { Mixer } from './mixer.ts';
import { MuteWatch } from './mute-watch.ts';

/** What the sound needs of its call. */
interface Owner {
  view(): PhoneCall;
  peer(): RTCPeerConnection | undefined;
  /** Takes the microphone, and tells where it cannot. @returns whether it is there */
  takeMicrophone(): Promise<boolean>;
  /** The microphone that was missing is there. */
  mended(): void;
  speaking(on: boolean): void;
  log: PhoneLog;
}

/** Microphone and loudspeaker of one call, on the devices that are chosen and there. */
export class CallSound {
  /** Taken by the session's description handler when it makes its offer or answer. */
  microphone: MediaStream | null = null;
  private readonly owner: Owner;
  private readonly speaker = new Audio();
  private muteWatch: MuteWatch | null = null;
  /** In a conference. */
  private mixer: Mixer | null = null;
  /** The signature of the devices when the microphone was opened. */
  private openedFor = '';
  private renewing = false;
  private readonly unfollow: () => void;

  constructor(owner: Owner) {
    this.owner = owner;
    this.speaker.autoplay = true;
    this.unfollow = devices().follow(() => this.useDevices(), true);
    this.useSpeaker();
  }

  /** @throws DOMException, see problemOfMicrophone */
  async open(): Promise<void> {
    if (this.microphone) return;
    const stream = await openMicrophone();
    this.adopt(stream);
    this.openedFor = devices().signature('microphone');
  }

  /** For a new leg: the old one stops its tracks when it ends. */
  copyMicrophone(): void {
    this.adopt(this.microphone!.clone());
  }

  /** What comes from the far end; null before there is sound. */
  get far(): MediaStream | null {
    return this.speaker.srcObject as MediaStream | null;
  }

  set far(stream: MediaStream) {
    this.speaker.srcObject = stream;
  }

  play(): void {
    this.speaker.play().catch((error: unknown) => this.warn('cannot play', error));
  }

  /** The far end hears us, and the other call of a conference with us. */
  mixWith(other: MediaStream | null): void {
    this.mixer?.close();
    this.mixer = other && this.microphone ? new Mixer(this.microphone, other) : null;
    const track = this.mixer?.track ?? this.microphone?.getAudioTracks()[0];
    if (track) this.send(track).catch((error: unknown) => this.warn('cannot mix', error));
  }

  applyMute(): void {
    const { muted, held } = this.owner.view();
    const tracks = this.microphone?.getAudioTracks() ?? [];
    for (const track of tracks) track.enabled = !muted && !held;
    this.muteWatch?.stop();
    this.muteWatch = tracks[0] && muted && !held ? new MuteWatch(tracks[0], (speaking) => this.owner.speaking(speaking)) : null;
  }

  /** The microphone is let go; the call may take it again. */
  closeMicrophone(): void {
    this.muteWatch?.stop();
    this.muteWatch = null;
    this.mixer?.close();
    this.mixer = null;
    for (const track of this.microphone?.getTracks() ?? []) track.stop();
    this.microphone = null;
    this.speaker.srcObject = null;
  }

  /** The call is over. */
  ended(): void {
    this.unfollow();
  }

  private adopt(stream: MediaStream): void {
    this.microphone = stream;
    for (const track of stream.getAudioTracks()) track.onended = () => void this.renew(true);
  }

  /** A device came or went, or another was chosen. */
  private useDevices(): void {
    this.useSpeaker();
    const { state, mending, problem } = this.owner.view();
    const waits = state === 'talking' && !mending && !this.microphone && problem !== 'microphone-refused';
    if (waits || (this.microphone && this.openedFor !== devices().signature('microphone'))) void this.renew();
  }

  private useSpeaker(): void {
    this.speaker.volume = devices().volume('voice');
    soundOn(this.speaker, devices().sink('voice')).catch((error: unknown) => this.warn('cannot sound there', error));
  }

  /** The headset was pulled out, changed or is back: the microphone that is to be used now takes the place of the one before. */
  private async renew(unplugged = false): Promise<void> {
    if (this.owner.view().state === 'ended' || this.renewing) return;
    this.renewing = true;
    const old = this.microphone;
    try {
      await devices().refresh();
      this.microphone = null;
      if (await this.owner.takeMicrophone()) await this.replace(unplugged);
    } catch (error) {
      this.warn('cannot change the microphone', error);
    } finally {
      for (const track of old?.getTracks() ?? []) track.stop();
      this.renewing = false;
    }
    // It went away while it was being put in place.
    if (this.microphone?.getAudioTracks()[0]?.readyState === 'ended') await this.renew(true);
  }

  private async replace(unplugged: boolean): Promise<void> {
    this.applyMute();
    const [track] = this.microphone!.getAudioTracks();
    if (this.mixer) this.mixer.setMicrophone(this.microphone!);
    else await this.send(track!);
    if (unplugged && devices().missing().length === 0) devices().switchedTo(track!.label);
    this.owner.mended();
  }

  private async send(track: MediaStreamTrack): Promise<void> {
    await this.owner.peer()?.getSenders()[0]?.replaceTrack(track);
  }

  private warn(what: string, error: unknown): void {
    this.owner.log('warn', 'media', `${what}: ${messageOf(error)}`);
  }
}
