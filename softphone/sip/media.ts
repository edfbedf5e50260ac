import type { PhoneStats } from '../phone.ts';

interface RtpReport {
  type: string;
  kind?: string;
  codecId?: string;
  mimeType?: string;
  packetsSent?: number;
  bytesSent?: number;
  packetsReceived?: number;
  bytesReceived?: number;
  /** Seconds. */
  jitter?: number;
  packetsLost?: number;
  /** Seconds. */
  roundTripTime?: number;
}

export function readStats(report: Iterable<[string, RtpReport]>): PhoneStats {
  const all = new Map(report);
  const find = (type: string) => [...all.values()].find((r) => r.type === type && r.kind === 'audio');
  const sent = find('outbound-rtp');
  const received = find('inbound-rtp');
  const roundTrip = find('remote-inbound-rtp')?.roundTripTime;
  return {
    packetsSent: sent?.packetsSent ?? 0,
    packetsReceived: received?.packetsReceived ?? 0,
    bytesSent: sent?.bytesSent ?? 0,
    bytesReceived: received?.bytesReceived ?? 0,
    codec: all.get(sent?.codecId ?? received?.codecId ?? '')?.mimeType ?? null,
    jitterMs: (received?.jitter ?? 0) * 1000,
    lost: received?.packetsLost ?? 0,
    roundTripMs: roundTrip === undefined ? null : roundTrip * 1000,
  };
}
