import { createSocket } from 'node:dgram';
import { setTimeout as sleep } from 'node:timers/promises';

const RATE = 8_000;
const PACKET_MS = 20;
const SAMPLES = (RATE * PACKET_MS) / 1_000;
const LOUD = 12_000;

/** G.711 A-law of a sample of 16 bits. */
function alaw(sample: number): number {
  const sign = sample >= 0 ? 0x80 : 0;
  const size = Math.min(Math.abs(sample) >> 4, 2_047);
  let exponent = 7;
  while (exponent > 0 && size < 1 << (exponent + 3)) exponent--;
  const mantissa = (size >> Math.max(0, exponent - 1)) & 0x0f;
  return (sign | (exponent << 4) | mantissa) ^ 0x55;
}

/** RTP packets of a sine in A-law to a port of this machine, in real time; 0 Hz: silence. */
export async function playTone(port: number, hz: number, ms: number): Promise<void> {
  const socket = createSocket('udp4');
  const packet = Buffer.alloc(12 + SAMPLES);
  packet[0] = 0x80;
  packet[1] = 8;
  packet.writeUInt32BE(0x616c6c6f, 8);
  const began = performance.now();
  try {
    for (let n = 0; n * PACKET_MS < ms; n++) {
      packet.writeUInt16BE(n & 0xffff, 2);
      packet.writeUInt32BE(n * SAMPLES, 4);
      for (let i = 0; i < SAMPLES; i++) packet[12 + i] = alaw(Math.round(LOUD * Math.sin((2 * Math.PI * hz * (n * SAMPLES + i)) / RATE)));
      socket.send(packet, port, '127.0.0.1');
      await sleep(Math.max(0, began + (n + 1) * PACKET_MS - performance.now()));
    }
  } finally {
    socket.close();
  }
}
