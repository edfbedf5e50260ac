import type { AddressInfo } from 'node:net';
import { WebSocket, WebSocketServer } from 'ws';

/** A wire between the browser and Asterisk that a test can cut, freeze and tamper with. */
export interface SipProxy {
  url: string;
  /** Applied to each frame on its way to the browser. */
  rewrite: (frame: string) => string;
  /** The same on its way to Asterisk. */
  rewriteOut: (frame: string) => string;
  /** Breaks the connections there are. */
  cut(): void;
  /** New connections are broken at once. */
  refuse(on: boolean): void;
  /** The connections there are stay open, and carry nothing any more. */
  freeze(): void;
  close(): Promise<void>;
}

export async function startSipProxy(target: string): Promise<SipProxy> {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  await new Promise((resolve) => server.once('listening', resolve));
  const wires = new Set<{ frozen: boolean; browser: WebSocket; asterisk: WebSocket }>();
  let refusing = false;
  const proxy: SipProxy = {
    url: `ws://127.0.0.1:${(server.address() as AddressInfo).port}`,
    rewrite: (frame) => frame,
    rewriteOut: (frame) => frame,
    cut: () => wires.forEach((wire) => wire.browser.terminate()),
    refuse: (on) => (refusing = on),
    freeze: () => wires.forEach((wire) => (wire.frozen = true)),
    close: async () => {
      proxy.cut();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  server.on('connection', (browser) => {
    if (refusing) return browser.terminate();
    const asterisk = new WebSocket(target, 'sip');
    const wire = { frozen: false, browser, asterisk };
    wires.add(wire);
    const waiting: string[] = [];
    asterisk.on('open', () => waiting.splice(0).forEach((frame) => asterisk.send(frame)));
    browser.on('message', (data) => {
      if (wire.frozen) return;
      const frame = proxy.rewriteOut(String(data));
      if (asterisk.readyState === WebSocket.OPEN) asterisk.send(frame);
      else waiting.push(frame);
    });
    asterisk.on('message', (data) => {
      if (!wire.frozen) browser.send(proxy.rewrite(String(data)));
    });
    const end = () => {
      wires.delete(wire);
      browser.terminate();
      asterisk.terminate();
    };
    for (const side of [browser, asterisk]) side.on('close', end).on('error', end);
  });
  return proxy;
}
