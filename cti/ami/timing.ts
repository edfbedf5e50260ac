/** How long things may take, in milliseconds; a test shortens them. */
export interface AmiTiming {
  /** Until the socket is open and the login answered, each. */
  readonly connectMs: number;
  /** Between pings. */
  readonly pingMs: number;
  /** Without a byte for so long, the peer is dead. More than two pings. */
  readonly silenceMs: number;
  /** Until all lists of the snapshot are in. */
  readonly snapshotMs: number;
  /** How long FullyBooted is waited for: without the right `system` it never comes. */
  readonly bootMs: number;
  /** Until an action must be answered. */
  readonly actionMs: number;
  readonly backoffBaseMs: number;
  readonly backoffCapMs: number;
}

export const AMI_TIMING: AmiTiming = {
  connectMs: 5_000,
  pingMs: 5_000,
  silenceMs: 12_000,
  snapshotMs: 30_000,
  bootMs: 1_500,
  actionMs: 8_000,
  backoffBaseMs: 250,
  backoffCapMs: 10_000,
};

/** Where an Asterisk manager listens, and who we are there. */
export interface AmiPeer {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly secret: string;
}

/** `reason`: English, for the administrator; null when connected. Never holds the secret. */
export interface ConnectionState {
  readonly connected: boolean;
  readonly reason: string | null;
}
