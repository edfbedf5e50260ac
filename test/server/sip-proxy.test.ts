import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { refuseFrame } from '../../server/realtime/sip-guard.ts';
import { startCallCentre, until } from '../support/call-centre.ts';

const CRLF = '\r\n';
interface Frame {
  method?: string;
  from?: string;
  to?: string;
  more?: string[];
  body?: string;
  length?: number;
}
const sip = ({
  method = 'REGISTER',
  from = '"Anna" <sip:101@pbx>;tag=a',
  to = '<sip:101@pbx>',
  more = [],
  body = '',
  length,
}: Frame = {}) =>
  Buffer.from(
    [`${method} sip:pbx SIP/2.0`, 'Via: SIP/2.0/WS x.invalid;branch=z9hG4bK1', `From: ${from}`, `To: ${to}`, 'Call-ID: 1', `CSeq: 1 ${method}`, ...more, `Content-Length: ${length ?? Buffer.byteLength(body)}`, '', body].join(CRLF), // prettier-ignore
  );

describe('what a browser may say', () => {
  test.each([
    ['its registration', sip()],
    ['a registration without a display name', sip({ from: 'sip:101@pbx;tag=a', to: 'sip:101@pbx' })],
    ['its call', sip({ method: 'INVITE', to: '<sip:+79161234567@pbx>', body: 'v=0\r\nкириллица\r\n' })],
    ['a hostile name of its own', sip({ from: '"x <sip:102@pbx> \\" <sip:103@pbx>" <sip:101@pbx>;tag=a' })],
    [
      'a request within a dialog that came to its contact',
      sip({ method: 'BYE', from: '<sip:k3j9x@x.invalid>;tag=a', to: '<sip:79161234567@pbx>;tag=b' }),
    ],
    ['its credentials', sip({ more: ['Authorization: Digest username="101", realm="asterisk", nonce="n", uri="sip:pbx", response="r"'] })],
    ['an answer', Buffer.from(`SIP/2.0 200 OK${CRLF}From: <sip:102@pbx>;tag=x${CRLF}Content-Length: 0${CRLF}${CRLF}`)],
    ['a keep-alive', Buffer.from('\r\n\r\n')],
  ])('%s', (_, bytes) => expect(refuseFrame(bytes, '101')).toBeNull());

  test.each([
    ['a registration of another From', sip({ from: '<sip:102@pbx>;tag=a' })],
    ['a registration of another To', sip({ to: '<sip:102@pbx>' })],
    ['a call of another', sip({ method: 'INVITE', from: '<sip:102@pbx>;tag=a' })],
    ['another behind a quoted name', sip({ from: '"<sip:101@pbx>" <sip:102@pbx>' })],
    ['another behind an unquoted name', sip({ from: 'sip:101@pbx <sip:102@pbx>' })],
    ['two addresses', sip({ from: '<sip:101@pbx> <sip:102@pbx>' })],
    ['an escaped extension', sip({ from: '<sip:%3102@pbx>' })],
    ['two From', sip({ more: ['f: <sip:102@pbx>'] })],
    ['two To, one in the short form', sip({ more: ['t: <sip:102@pbx>'] })],
    ['a folded From', sip({ from: `"x"${CRLF} <sip:102@pbx>` })],
    ['credentials of another', sip({ more: ['Authorization: Digest username="102", realm="asterisk"'] })],
    ['credentials twice', sip({ more: ['Authorization: Digest username="101", username="102"'] })],
    ['a tag in the name, not in the address', sip({ method: 'INVITE', from: '<sip:102@pbx>', to: '<sip:7000@pbx;tag=x>' })],
    ['a registration within a dialog', sip({ from: '<sip:102@pbx>;tag=a', to: '<sip:102@pbx>;tag=b' })],
    ['a second message behind the first', Buffer.concat([sip(), sip({ from: '<sip:102@pbx>' })])],
    ['a longer body than it says', sip({ method: 'INVITE', body: 'v=0', length: 1 })],
    ['a shorter one', sip({ method: 'INVITE', body: 'v=0', length: 99 })],
    ['two lengths', sip({ more: ['l: 0'] })],
    ['line ends of another kind', Buffer.from(sip().toString().replace('\r\nTo:', '\nFrom: <sip:102@pbx>\r\nTo:'))],
    ['a NUL', sip({ from: '<sip:101\0@pbx>' })],
    ['no header at all', Buffer.from('REGISTER sip:pbx SIP/2.0\r\n\r\n')],
    ['no SIP', Buffer.from('GET / HTTP/1.1\r\nHost: pbx\r\n\r\n')],
    ['half a message', sip().subarray(0, 60)],
    ['bytes that are no text', Buffer.from([0xff, 0xfe, 0, 1, 13, 10, 13, 10])],
  ])('not %s', (_, bytes) => expect(refuseFrame(bytes, '101')).not.toBeNull());
});

describe('the proxy', () => {
  let pbx: WebSocketServer;
  let centre: Awaited<ReturnType<typeof startCallCentre>>;
  const peers: WebSocket[] = [];
  beforeAll(async () => {
    pbx = new WebSocketServer({ port: 0, host: '127.0.0.1', handleProtocols: (offered) => (offered.has('sip') ? 'sip' : false) });
    await once(pbx, 'listening');
    pbx.on('connection', (ws) => {
      peers.push(ws);
      ws.on('message', (data: Buffer, binary: boolean) => ws.send(`echo ${data.toString()}`, { binary }));
    });
    const { port } = pbx.address() as AddressInfo;
    centre = await startCallCentre('sqlite', {
      PBX: `main=ami://u:s@127.0.0.1:1?sip=ws://127.0.0.1:${port}/ws other=ami://u:s@127.0.0.1:1`,
    });
  });
  afterAll(async () => {
    await centre.close();
    pbx.close();
  });

  const phone = async (cookie: string, protocol: string | undefined = 'sip', origin = centre.url) => {
    const ws = new WebSocket(`${centre.url.replace('http', 'ws')}/sip`, protocol ? [protocol] : [], { headers: { cookie, origin } });
    const heard: string[] = [];
    ws.on('message', (data: Buffer) => heard.push(data.toString()));
    const closed = once(ws, 'close').then(([code]) => code as number);
    closed.catch(() => {});
    await once(ws, 'open');
    return { ws, heard, closed };
  };

  test('passes frames as they are, both ways, and closes both sides together', async () => {
    const { ws, heard, closed } = await phone(centre.anna.cookie());
    expect(ws.protocol).toBe('sip');
    const invite = sip({ method: 'INVITE', body: `v=0${CRLF}${'я'.repeat(5000)}` });
    ws.send(invite.toString());
    await until(
      () => heard.length,
      (n) => n === 1,
    );
    expect(heard[0]).toBe(`echo ${invite.toString()}`);
    peers.at(-1)!.close(1000);
    expect(await closed).toBe(1000);

    const second = await phone(centre.anna.cookie());
    const peer = peers.at(-1)!;
    second.ws.close();
    await once(peer, 'close');
  });

  test('a browser that speaks for another extension is closed, and the PBX hears nothing', async () => {
    const { ws, closed, heard } = await phone(centre.anna.cookie());
    ws.send(sip({ from: '<sip:102@pbx>;tag=a', to: '<sip:102@pbx>' }).toString());
    expect(await closed).toBe(1008);
    expect(heard).toEqual([]);
  });

  test('too long a frame closes it', async () => {
    const { ws, closed } = await phone(centre.anna.cookie());
    ws.send(sip({ method: 'INVITE', body: 'x'.repeat(80_000) }).toString());
    expect(await closed).toBe(1009);
  });

  test('is for signed-in pages of ours that have a phone, in the sub-protocol sip', async () => {
    await expect(phone('')).rejects.toThrow('401');
    await expect(phone(centre.anna.cookie(), 'sip', 'https://evil.example')).rejects.toThrow('403');
    await expect(phone(centre.anna.cookie(), 'mqtt')).rejects.toThrow('400');
    await expect(phone(centre.admin.cookie())).rejects.toThrow('403');
    await centre.db('extensions').insert({ pbx: 'other', extension: '901', user_id: centre.admin.userId });
    centre.bus.emit('user.changed', { id: centre.admin.userId });
    await expect(phone(centre.admin.cookie())).rejects.toThrow('403');
  });

  test('ends with the session', async () => {
    const person = await centre.signIn('operator');
    await centre.db('extensions').insert({ pbx: 'main', extension: '150', user_id: person.userId });
    centre.bus.emit('user.changed', { id: person.userId });
    const { closed } = await phone(person.cookie());
    await person.post('/api/auth/sign-out');
    expect(await closed).toBe(4401);
    await once(peers.at(-1)!, 'close').catch(() => {});
    expect(peers.at(-1)!.readyState).toBe(WebSocket.CLOSED);
  });

  const operator = async (extension: string) => {
    const person = await centre.signIn('operator');
    await centre.db('extensions').insert({ pbx: 'main', extension, user_id: person.userId });
    centre.bus.emit('user.changed', { id: person.userId });
    return person;
  };

  test('many at once come no further than one after the other', async () => {
    const person = await operator('151');
    const before = peers.length;
    const all = await Promise.allSettled(Array.from({ length: 20 }, () => phone(person.cookie())));
    const opened = all.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
    expect(opened).toHaveLength(8);
    expect(peers.length - before).toBe(8);
    expect(all.flatMap((one) => (one.status === 'rejected' ? [String(one.reason)] : [])).every((why) => why.includes('429'))).toBe(true);
    opened.forEach(({ ws }) => ws.close());
    await Promise.all(opened.map(({ closed }) => closed));
    const again = await until(
      () => phone(person.cookie()).catch(() => null),
      (one) => one !== null,
    );
    again!.ws.close();
  });

  test('a browser that sends without end is closed', async () => {
    const { ws, closed } = await phone(centre.anna.cookie());
    const peer = peers.at(-1)!;
    let heard = 0;
    peer.on('message', () => heard++);
    for (let i = 0; i < 1_000; i++) ws.send(sip().toString());
    expect(await closed).toBe(1008);
    expect(heard).toBeLessThan(500);
  });

  test('what a hostile browser sends after the end of its session reaches nobody, and it is cut', async () => {
    const person = await operator('152');
    const { hostname, port } = new URL(centre.url);
    const socket = connect(Number(port), hostname);
    const head = ['GET /sip HTTP/1.1', `Host: ${hostname}:${port}`, `Origin: ${centre.url}`, `Cookie: ${person.cookie()}`, 'Connection: Upgrade', 'Upgrade: websocket', 'Sec-WebSocket-Version: 13', 'Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==', 'Sec-WebSocket-Protocol: sip']; // prettier-ignore
    socket.write([...head, '', ''].join(CRLF));
    const received: Buffer[] = [];
    socket.on('data', (data: Buffer) => received.push(data)).on('error', () => {});
    const gone = once(socket, 'close');
    await until(
      () => Buffer.concat(received).toString('latin1'),
      (text) => text.includes('101 Switching'),
    );
    const heard: string[] = [];
    peers.at(-1)!.on('message', (data: Buffer) => heard.push(data.toString()));
    /** One text frame under a mask of zeros. */
    const frame = (text: Buffer) => Buffer.concat([Buffer.from([0x81, 0xfe, text.length >> 8, text.length & 255, 0, 0, 0, 0]), text]);
    const register = sip({ from: '<sip:152@pbx>;tag=a', to: '<sip:152@pbx>' });
    socket.write(frame(register));
    await until(
      () => heard.length,
      (n) => n === 1,
    );
    await person.post('/api/auth/sign-out');
    await until(
      () => Buffer.concat(received).includes(Buffer.from([0x88])),
      (told) => told,
    );
    for (let i = 0; i < 20; i++) {
      socket.write(frame(register));
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    expect(heard).toHaveLength(1);
    await Promise.race([gone, new Promise((_, reject) => setTimeout(() => reject(new Error('not cut')), 10_000))]);
  });

  test('a PBX that is away is told as such', async () => {
    pbx.clients.forEach((ws) => ws.terminate());
    await new Promise((resolve) => pbx.close(resolve));
    await expect(phone(centre.boris.cookie())).rejects.toThrow('502');
  });
});
