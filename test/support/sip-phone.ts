import type { Socket } from 'node:dgram';
import { createSocket } from 'node:dgram';
import { EventEmitter, once } from 'node:events';
import { ports } from '../stack/paths.ts';
import { playTone } from './tone.ts';

/** 201..210; the party outside; a machine outside, on a line where Asterisk listens for the tone of a fax. */
export type SipParty = number | 'trunk' | 'fax';

/**
 * A SIP phone over UDP on loopback, told step by step by the test, for what one sipp scenario cannot say: several dialogs at once, REFER with and
 * without Replaces, 302, any status. It speaks to one Asterisk, hears no sound, and sends none but a tone when it is told to.
 */
export interface SipPhone {
  /** The next call that rings here. */
  invited(): Promise<Dialog>;
  /** From now on each call that rings here is this one's, and `invited` hears of none. */
  onCall(heed: (dialog: Dialog) => void): void;
  /** @returns once the PBX has been asked; `answered` and `over` of the dialog tell the rest. */
  call(to: string): Dialog;
  notes(): string[];
  close(): void;
}

export interface Dialog {
  readonly callId: string;
  /** What the PBX dialled to reach this phone; '' of a call that it makes itself. */
  readonly dialled: string;
  /** With the tags as Replaces wants them: those of the PBX's side. */
  readonly replaces: () => string;
  readonly answered: Promise<void>;
  /** The status that refused it, or 0 when it ended by BYE or CANCEL. */
  readonly over: Promise<number>;
  answer(): Promise<void>;
  refuse(status: number): void;
  /** 302 to another number of the PBX. */
  redirect(to: string): void;
  hold(): Promise<void>;
  resume(): Promise<void>;
  /** Blind, or attended when `consult` is the dialog to be replaced. @returns the last status that NOTIFY told */
  refer(to: string, consult?: Dialog): Promise<number>;
  bye(): void;
  /** Sounds for so long, in real time. */
  tone(hz: number, ms: number): Promise<void>;
}

interface Message {
  readonly first: string;
  readonly headers: ReadonlyMap<string, string>;
  readonly raw: string;
}

let tags = 0;

/** @param number as which the party outside calls */
export async function openSipPhone(who: SipParty, number = String(who), port = defaultPort(who)): Promise<SipPhone> {
  const socket = createSocket('udp4');
  socket.bind(port, '127.0.0.1');
  await once(socket, 'listening');
  const notes: string[] = [];
  const dialogs = new Map<string, SipDialog>();
  const incoming: Dialog[] = [];
  const arrivals = new EventEmitter();
  const line: Line = {
    socket,
    port,
    number,
    trunk: who === 'trunk' ? 'sipp' : who === 'fax' ? 'fax' : null,
    note: (what) => void notes.push(what),
    forget: (id) => void dialogs.delete(id),
  };
  socket.on('message', (bytes: Buffer) => {
    const message = parse(bytes.toString());
    const id = message.headers.get('call-id') ?? '';
    let dialog = dialogs.get(id);
    if (!dialog && message.first.startsWith('INVITE ')) {
      dialogs.set(id, (dialog = new SipDialog(line, id, message)));
      incoming.push(dialog);
      arrivals.emit('call');
    } else if (dialog) dialog.receive(message);
    else if (!message.first.startsWith('SIP/2.0') && !message.first.startsWith('ACK ')) reply(line, message, '200 OK');
  });
  return {
    notes: () => notes,
    async invited() {
      if (incoming.length === 0) await once(arrivals, 'call', { signal: AbortSignal.timeout(20_000) });
      return incoming.shift()!;
    },
    onCall(heed) {
      const hand = () => incoming.splice(0).forEach(heed);
      arrivals.on('call', hand);
      hand();
    },
    call(to) {
      const id = `allo-${process.pid}-${Date.now()}-${++tags}`;
      const dialog = new SipDialog(line, id, null, to);
      dialogs.set(id, dialog);
      dialog.invite('sendrecv');
      return dialog;
    },
    close: () => socket.close(),
  };
}

const defaultPort = (who: SipParty) => (who === 'trunk' ? ports.trunkPeer : who === 'fax' ? ports.faxPeer : ports.phones + who - 200);

interface Line {
  readonly socket: Socket;
  readonly port: number;
  readonly number: string;
  /** X-Allo-Trunk, by which Asterisk knows the line. */
  readonly trunk: string | null;
  note(what: string): void;
  forget(id: string): void;
}

class SipDialog implements Dialog {
  readonly callId: string;
  readonly dialled: string;
  readonly answered: Promise<void>;
  readonly over: Promise<number>;
  private readonly line: Line;
  private readonly first: Message | null;
  private readonly tag = `t${++tags}`;
  private readonly me: string;
  private peer: string;
  private target: string;
  private cseq = 10;
  private readonly events = new EventEmitter();
  private isUp = false;
  private state: 'early' | 'up' | 'over' = 'early';
  /** The other side's last session description. */
  private sound: string;
  private readonly branch = `z9hG4bK-allo-${++tags}`;

  constructor(line: Line, callId: string, first: Message | null, to = '') {
    this.line = line;
    this.callId = callId;
    this.dialled = /^INVITE sips?:([^@;]+)@/.exec(first?.first ?? '')?.[1] ?? '';
    this.first = first;
    const header = (name: string) => first?.headers.get(name) ?? '';
    this.me = first ? `${header('to')};tag=${this.tag}` : `<sip:${line.number}@127.0.0.1:${line.port}>;tag=${this.tag}`;
    this.peer = first ? header('from') : `<sip:${to}@127.0.0.1:${ports.sip}>`;
    this.target = first ? address(header('contact')) : `sip:${to}@127.0.0.1:${ports.sip}`;
    this.sound = first?.raw ?? '';
    this.answered = new Promise((resolve) => this.events.once('up', resolve));
    this.over = new Promise((resolve) => this.events.once('over', resolve));
    if (first) {
      line.note('invited');
      this.respond(first, '180 Ringing');
    }
  }

  readonly replaces = () => `${this.callId};to-tag=${tagOf(this.peer)};from-tag=${this.tag}`;

  async answer(): Promise<void> {
    this.respond(this.first!, '200 OK', sdp(this.line.port, 'sendrecv'));
    this.line.note('answered');
    await this.answered;
  }

  refuse(status: number): void {
    this.respond(this.first!, `${status} No`);
    this.end(status, `refused ${status}`);
  }

  redirect(to: string): void {
    this.respond(this.first!, '302 Moved Temporarily', '', `Contact: <sip:${to}@127.0.0.1:${ports.sip}>\r\n`);
    this.end(302, `redirected to ${to}`);
  }

  async hold(): Promise<void> {
    this.line.note('holds');
    await this.reinvite('sendonly');
  }

  async resume(): Promise<void> {
    this.line.note('resumes');
    await this.reinvite('sendrecv');
  }

  async refer(to: string, consult?: Dialog): Promise<number> {
    const replaces = consult ? `?Replaces=${encodeURIComponent(consult.replaces())}` : '';
    const last = once(this.events, 'referred', { signal: AbortSignal.timeout(20_000) });
    this.line.note(consult ? `refers to ${to}, attended` : `refers to ${to}`);
    this.request('REFER', `Refer-To: <sip:${to}@127.0.0.1:${ports.sip}${replaces}>\r\nReferred-By: ${this.me.replace(/;tag=.*/, '')}\r\n`);
    const status = Number(((await last) as unknown[])[0]);
    this.line.note(`transfer: ${status}`);
    return status;
  }

  bye(): void {
    if (this.state === 'over') return;
    if (!this.isUp) {
      const head = `CANCEL ${this.target} SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1:${this.line.port};branch=${this.branch}\r\n`;
      this.send(`${head}${this.common('1 CANCEL')}Content-Length: 0\r\n\r\n`);
      this.end(0, 'gives up');
    } else {
      this.request('BYE');
      this.end(0, 'hangs up');
    }
  }

  tone(hz: number, ms: number): Promise<void> {
    const port = Number(/^m=audio (\d+)/m.exec(this.sound)?.[1]);
    if (!port) throw new Error('nothing was said about where the sound goes');
    return playTone(port, hz, ms);
  }

  /** The first INVITE of a call of our own. */
  invite(direction: string): void {
    const trunk = this.line.trunk === null ? '' : `X-Allo-Trunk: ${this.line.trunk}\r\n`;
    const head = `INVITE ${this.target} SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1:${this.line.port};branch=${this.branch}\r\n`;
    this.send(`${head}${this.common('1 INVITE')}${trunk}${body(sdp(this.line.port, direction))}`);
  }

  private async reinvite(direction: string): Promise<void> {
    const agreed = once(this.events, 'agreed', { signal: AbortSignal.timeout(5_000) });
    this.request('INVITE', '', sdp(this.line.port, direction));
    await agreed;
  }

  receive(message: Message): void {
    const [word] = message.first.split(' ', 1);
    if (word === 'SIP/2.0') return this.answeredBy(message);
    switch (word) {
      case 'ACK':
        if (this.state === 'early') this.up();
        return;
      case 'INVITE':
        // the first one again, while it rings, is a repetition
        if (this.state === 'up') this.respond(message, '200 OK', sdp(this.line.port, 'sendrecv'));
        return;
      case 'CANCEL':
        this.respond(message, '200 OK');
        this.respond(this.first!, '487 Request Terminated');
        return this.end(0, 'cancelled by the caller');
      case 'BYE':
        this.respond(message, '200 OK');
        return this.end(0, 'bye from the other side');
      case 'NOTIFY': {
        this.respond(message, '200 OK');
        const status = /SIP\/2\.0 (\d+)/.exec(message.raw.slice(message.raw.indexOf('\r\n\r\n')))?.[1];
        if (status && Number(status) >= 200) this.events.emit('referred', status);
        return;
      }
      default:
        this.respond(message, '200 OK');
    }
  }

  private answeredBy(message: Message): void {
    const status = Number(message.first.split(' ')[1]);
    const [cseq = '', method] = (message.headers.get('cseq') ?? '').split(' ');
    if (method === 'REFER' && status >= 300) this.events.emit('referred', status);
    if (method !== 'INVITE' || status === 100) return;
    if (tagOf(this.peer) === '') this.peer = message.headers.get('to') ?? this.peer;
    if (status < 200) return;
    if (status < 300) {
      this.sound = message.raw;
      this.target = address(message.headers.get('contact') ?? '') || this.target;
      this.acknowledge(cseq, `z9hG4bK-ack-${++tags}`);
      if (this.state === 'early') {
        this.line.note('answered');
        this.up();
      } else this.events.emit('agreed');
    } else {
      this.acknowledge(cseq, this.branch);
      if (this.state === 'early') this.end(status, `refused ${status}`);
    }
  }

  private up(): void {
    this.isUp = true;
    this.state = 'up';
    this.events.emit('up');
  }

  private end(status: number, what: string): void {
    if (this.state === 'over') return;
    this.state = 'over';
    this.line.note(what);
    this.events.emit('over', status);
  }

  private acknowledge(cseq: string, branch: string): void {
    const head = `ACK ${this.target} SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1:${this.line.port};branch=${branch}\r\n`;
    this.send(`${head}${this.common(`${cseq} ACK`)}Content-Length: 0\r\n\r\n`);
  }

  private request(method: string, extra = '', content = ''): void {
    const head = `${method} ${this.target} SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1:${this.line.port};branch=z9hG4bK-allo-${++tags}\r\n`;
    this.send(`${head}${this.common(`${++this.cseq} ${method}`)}${extra}${body(content)}`);
  }

  private common(cseq: string): string {
    return (
      `From: ${this.me}\r\nTo: ${this.peer}\r\nCall-ID: ${this.callId}\r\nCSeq: ${cseq}\r\n` +
      `Contact: <sip:${this.line.number}@127.0.0.1:${this.line.port}>\r\nMax-Forwards: 70\r\n`
    );
  }

  private respond(message: Message, status: string, content = '', extra = ''): void {
    reply(this.line, message, status, { tag: this.tag, content, extra });
  }

  private send(text: string): void {
    this.line.socket.send(text, ports.sip, '127.0.0.1');
  }
}

function reply(line: Line, message: Message, status: string, { tag = 't', content = '', extra = '' } = {}): void {
  const header = (name: string) => message.headers.get(name) ?? '';
  const to = header('to').includes(';tag=') ? header('to') : `${header('to')};tag=${tag}`;
  const contact = extra.startsWith('Contact:') ? extra : `Contact: <sip:${line.number}@127.0.0.1:${line.port}>\r\n${extra}`;
  const head = `SIP/2.0 ${status}\r\nVia: ${header('via')}\r\nFrom: ${header('from')}\r\nTo: ${to}\r\nCall-ID: ${header('call-id')}\r\n`;
  line.socket.send(`${head}CSeq: ${header('cseq')}\r\n${contact}${body(content)}`, ports.sip, '127.0.0.1');
}

const body = (content: string) =>
  content === '' ? 'Content-Length: 0\r\n\r\n' : `Content-Type: application/sdp\r\nContent-Length: ${content.length}\r\n\r\n${content}`;

/** The port of the sound is not open: nobody listens to it. */
const sdp = (port: number, direction: string) =>
  `v=0\r\no=phone 1 ${++tags} IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=audio ${port + 100} RTP/AVP 8\r\na=rtpmap:8 PCMA/8000\r\na=${direction}\r\n`;

const address = (header: string) => /sip:[^>;]*/.exec(header)?.[0] ?? '';
const tagOf = (header: string) => /;tag=([^;>\s]+)/.exec(header)?.[1] ?? '';

function parse(raw: string): Message {
  const [head = ''] = raw.split('\r\n\r\n', 1);
  const [first = '', ...lines] = head.split('\r\n');
  const headers = new Map<string, string>();
  for (const line of lines) {
    const colon = line.indexOf(':');
    const name = line.slice(0, colon).trim().toLowerCase();
    if (!headers.has(name)) headers.set(name, line.slice(colon + 1).trim());
  }
  return { first, headers, raw };
}
