/**
 * What one side of a conference hears: our microphone and the other side. Mixed here, not by the server: so it works with every server, each
 * call stays a call of its own there, with its own recording and its own row in a log, and who leaves connects the two by a transfer.
 */
export class Mixer {
  private readonly context = new AudioContext();
  private readonly out = new MediaStreamAudioDestinationNode(this.context, { channelCount: 1 });
  private microphone: MediaStreamAudioSourceNode | null = null;

  constructor(microphone: MediaStream, other: MediaStream) {
    new MediaStreamAudioSourceNode(this.context, { mediaStream: other }).connect(this.out);
    this.setMicrophone(microphone);
    void this.context.resume();
  }

  get track(): MediaStreamTrack {
    return this.out.stream.getAudioTracks()[0]!;
  }

  setMicrophone(stream: MediaStream): void {
    this.microphone?.disconnect();
    this.microphone = new MediaStreamAudioSourceNode(this.context, { mediaStream: stream });
    this.microphone.connect(this.out);
  }

  close(): void {
    this.track.stop();
    void this.context.close();
  }
}
