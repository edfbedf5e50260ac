/** Scenarios of sipp, in the words of a call instead of XML. sipp fills in what stands in [brackets]. */

const SDP = (direction: string) => `Content-Type: application/sdp
Content-Length: [len]

v=0
o=sipp 1 1 IN IP[local_ip_type] [local_ip]
s=-
c=IN IP[media_ip_type] [media_ip]
t=0 0
m=audio [media_port] RTP/AVP 8 101
a=rtpmap:8 PCMA/8000
a=rtpmap:101 telephone-event/8000
a=${direction}`;

const send = (message: string, attributes = '') => `<send ${attributes}><![CDATA[\n\n${message.trim()}\n\n]]></send>`;
const note = (text: string) => `<action><log message="${text}"/></action>`;
const label = (id: number) => `<label id="${id}"/>`;
const pause = (ms: number) => `<pause milliseconds="${ms}"/>`;
const scenario = (steps: string[]) =>
  `<?xml version="1.0" encoding="UTF-8"?>\n<scenario name="allo">\n${steps.flat().join('\n')}\n</scenario>\n`;

const VIA = 'Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]';
/** A CANCEL, and the ACK of a refusal, belong to the INVITE by its branch. */
const INVITE_VIA = 'Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=z9hG4bKinvite-[pid]-[call_number]';
const REPLY_HEADERS = '[last_Via:]\n[last_From:]\n[last_To:];tag=[pid]SIPp[call_number]\n[last_Call-ID:]\n[last_CSeq:]';
/** For requests within the dialog: their To has our tag already. */
const IN_DIALOG_HEADERS = '[last_Via:]\n[last_From:]\n[last_To:]\n[last_Call-ID:]\n[last_CSeq:]';
const OK = send(`SIP/2.0 200 OK\n${IN_DIALOG_HEADERS}\nContact: <sip:sipp@[local_ip]:[local_port]>\nContent-Length: 0`);

export type CallerScenario = {
  /** What is dialled. */
  to: string;
  from: string;
  /** As it is to stand in the From header, quotes and all; none when empty. */
  display: string;
  /** Extra header lines of the INVITE. */
  headers: string[];
  /** Puts the other side on hold for so long, once, so long after the answer. */
  hold?: { afterMs: number; forMs: number } | undefined;
};

/** A caller that hangs up (BYE, or CANCEL before the answer) when a MESSAGE with its Call-ID comes, which is how the test tells it to. */
export function callerXml({ to, from, display, headers, hold }: CallerScenario): string {
  const escape = (text: string) => text.replaceAll(']]>', '').replaceAll('[', '(');
  const FROM = `From: ${display ? `${escape(display)} ` : ''}<sip:${from}@[local_ip]:[local_port]>;tag=[pid]SIPp[call_number]`;
  const CONTACT = `Contact: <sip:${from}@[local_ip]:[local_port]>`;
  const request = (
    method: string,
    cseq: number,
    toHeader: string,
    rest = 'Content-Length: 0',
    uri = `sip:${to}@[remote_ip]:[remote_port]`,
  ) =>
    `${method} ${uri} SIP/2.0\n${VIA}\n${FROM}\n${toHeader}\nCall-ID: [call_id]\nCSeq: ${cseq} ${method}\n${CONTACT}\nMax-Forwards: 70\n${rest}`;
  const first = (method: string, toHeader: string, rest?: string) => request(method, 1, toHeader, rest).replace(VIA, INVITE_VIA);
  const TO = `To: <sip:${to}@[remote_ip]:[remote_port]>`;
  const TO_PEER = 'To: [$peer]';
  const keepPeer = '<action><ereg regexp=".*" search_in="hdr" header="To:" assign_to="peer"/><log message="answered"/></action>';
  const REFUSALS = [401, 403, 404, 408, 480, 486, 487, 488, 500, 503, 603];
  const reinvite = (cseq: number, direction: string) => [
    send(request('INVITE', cseq, TO_PEER, SDP(direction)), 'retrans="500"'),
    '<recv response="100" optional="true"/>',
    '<recv response="200"/>',
    send(request('ACK', cseq, TO_PEER)),
  ];
  return scenario([
    send(first('INVITE', TO, [...headers.map(escape), SDP('sendrecv')].join('\n')), 'retrans="500"'),
    '<recv response="100" optional="true"/>',
    `<recv response="180" optional="true">${note('ringing')}</recv>`,
    '<recv response="183" optional="true"/>',
    '<recv request="MESSAGE" optional="true" next="1"/>',
    ...REFUSALS.map((code) => `<recv response="${code}" optional="true" next="${code}">${note(`refused ${code}`)}</recv>`),
    `<recv response="200">${keepPeer}</recv>`,
    send(request('ACK', 1, TO_PEER)),
    ...(hold ? [pause(hold.afterMs), ...reinvite(2, 'sendonly'), pause(hold.forMs), ...reinvite(3, 'sendrecv')] : []),
    label(3),
    '<recv request="MESSAGE" optional="true" next="2"/>',
    `<recv request="BYE">${note('bye from the other side')}</recv>`,
    OK,
    '<nop next="9"/>',
    // the caller gives up
    label(1),
    OK,
    send(first('CANCEL', TO).replace(`${CONTACT}\n`, '')),
    '<recv response="180" optional="true"/>',
    '<recv response="200"/>',
    `<recv response="487">${note('cancelled')}</recv>`,
    send(first('ACK', '[last_To:]')),
    '<nop next="9"/>',
    // the caller hangs up
    label(2),
    OK,
    send(request('BYE', 9, TO_PEER), 'retrans="500"'),
    `<recv response="200">${note('bye from the caller')}</recv>`,
    '<nop next="9"/>',
    ...REFUSALS.flatMap((code) => [label(code), send(first('ACK', '[last_To:]')), '<nop next="9"/>']),
    label(9),
    pause(50),
  ]);
}

export type PhoneScenario =
  | {
      does: 'answer';
      ringMs: number;
      hangUpAfterMs?: number | undefined;
      hold?: { afterMs: number; forMs: number } | undefined;
      /** Holds and resumes once, as NOTIFY asks: Event hold, then Event talk. */
      heedsNotify?: boolean | undefined;
    }
  | { does: 'ring' } // until the caller gives up
  | { does: 'refuse'; code: 480 | 486 | 603; ringMs: number };

/** A phone that rings when it is called, and then does one thing. */
export function phoneXml(phone: PhoneScenario): string {
  const keep = (header: string, name: string) => `<ereg regexp=".*" search_in="hdr" header="${header}:" assign_to="${name}"/>`;
  const CONTACT = 'Contact: <sip:phone@[local_ip]:[local_port]>';
  const own = (method: string, cseq: number, rest = 'Content-Length: 0') =>
    `${method} [$target] SIP/2.0\n${VIA}\nFrom: [$me];tag=[pid]SIPp[call_number]\nTo: [$peer]\nCall-ID: [call_id]\nCSeq: ${cseq} ${method}\n${CONTACT}\nMax-Forwards: 70\n${rest}`;
  const waitFor = (request: string, ms: number | undefined, next: number) =>
    ms === undefined ? `<recv request="${request}">` : `<recv request="${request}" timeout="${Math.max(ms, 1)}" ontimeout="${next}">`;
  const cancelled = [
    OK,
    send(
      `SIP/2.0 487 Request Terminated\n[last_Via:]\nFrom: [$peer]\nTo: [$me];tag=[pid]SIPp[call_number]\n[last_Call-ID:]\nCSeq: [$invite]\nContent-Length: 0`,
      'retrans="500"',
    ),
    '<recv request="ACK"/>',
    '<nop next="9"/>',
  ];
  const finalReply = (line: string, rest: string) =>
    send(
      `SIP/2.0 ${line}\n[$via]\nFrom: [$peer]\nTo: [$me];tag=[pid]SIPp[call_number]\n[last_Call-ID:]\nCSeq: [$invite]\n${CONTACT}\n${rest}`,
      'retrans="500"',
    );
  const reinvite = (cseq: number, direction: string) => [
    send(own('INVITE', cseq, SDP(direction)), 'retrans="500"'),
    '<recv response="100" optional="true"/>',
    '<recv response="200"/>',
    send(own('ACK', cseq)),
  ];
  const ringMs = phone.does === 'ring' ? undefined : phone.ringMs;
  const start = [
    `<recv request="INVITE"><action>${keep('From', 'peer')}${keep('To', 'me')}${keep('CSeq', 'invite')}<ereg regexp="sip:[^&gt;]*" search_in="hdr" header="Contact:" assign_to="target"/><ereg regexp="Via:[^\\r\\n]*" search_in="msg" assign_to="via"/><ereg regexp="X-Allo-Call: *([^\\r\\n]*)" search_in="msg" assign_to="all,call"/><log message="invited, X-Allo-Call [$call]"/></action></recv>`,
    '<Reference variables="all,target,via"/>',
    send(`SIP/2.0 180 Ringing\n${REPLY_HEADERS}\n${CONTACT}\nContent-Length: 0`),
    `${waitFor('CANCEL', ringMs, 2)}${note('cancelled by the caller')}</recv>`,
    ...cancelled,
  ];
  if (phone.does === 'ring') return scenario([...start, label(9), pause(50)]);
  if (phone.does === 'refuse')
    return scenario([
      ...start,
      label(2),
      finalReply(`${phone.code} No`, 'Content-Length: 0'),
      `<recv request="ACK">${note(`refused ${phone.code}`)}</recv>`,
      label(9),
      pause(50),
    ]);
  return scenario([
    ...start,
    label(2),
    finalReply('200 OK', SDP('sendrecv')),
    `<recv request="ACK">${note('answered')}</recv>`,
    ...(phone.hold ? [pause(phone.hold.afterMs), ...reinvite(1, 'sendonly'), pause(phone.hold.forMs), ...reinvite(2, 'sendrecv')] : []),
    ...(phone.heedsNotify
      ? ['hold', 'talk'].flatMap((event, i) => [
          `<recv request="NOTIFY">${note(`asked to ${event}`)}</recv>`,
          OK,
          ...reinvite(1 + i, event === 'hold' ? 'sendonly' : 'sendrecv'),
        ])
      : []),
    `${waitFor('BYE', phone.hangUpAfterMs, 4)}${note('bye from the other side')}</recv>`,
    OK,
    '<nop next="9"/>',
    label(4),
    send(own('BYE', 3), 'retrans="500"'),
    `<recv response="200">${note('bye from the phone')}</recv>`,
    label(9),
    pause(50),
  ]);
}
