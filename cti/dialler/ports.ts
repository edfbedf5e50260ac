/** What the dialler is handed: it knows no database and no clock of its own. */

/** A campaign that is to be dialled now. */
export interface DialCampaign {
  readonly id: number;
  readonly queue: string;
  readonly mode: 'progressive' | 'power' | 'predictive';
  /** Calls for each free operator, in power. */
  readonly ratio: number;
  readonly maxLines: number;
  readonly callsPerSecond: number;
  readonly ringMs: number;
  /** A person who has answered waits for an operator no longer. */
  readonly connectWithinMs: number;
  /** A sound file of the PBX; '': none. */
  readonly message: string;
  /** '': what the trunk shows. */
  readonly callerId: string;
  /** Of the humans who answer, 0 to 1. */
  readonly abandonment: number;
  /** The window's budget is spent: one call for each free operator until it is not. */
  readonly overspent: boolean;
}

/** A call to be placed. Its row is written. */
export interface Dial {
  readonly attemptId: number;
  /** Uniqueid and Linkedid that it will have. */
  readonly channelId: string;
  readonly number: string;
  readonly name: string;
}

export type DialStall = 'offline' | 'trunk' | 'no-operators' | 'all-busy' | 'lines' | 'no-contacts';

export interface DialStore {
  /** Those to be dialled at this PBX now. */
  campaigns(): Promise<readonly DialCampaign[]>;
  /** Takes the next people and writes their attempts: none of them is taken twice, by whomever. */
  claim(campaignId: number, count: number): Promise<readonly Dial[]>;
  /** The PBX refused the order: no attempt at the person. */
  unplaced(attemptId: number): Promise<void>;
  /** Why nothing is dialled for the campaign; null: it is. */
  stalled(campaignId: number, why: DialStall | null): Promise<void>;
}

/** A caller who asked to be called back instead of waiting, and may be called now. */
export interface DialCallBack {
  readonly id: number;
  readonly queue: string;
  /** Since when they have had their place, by the PBX's clock. */
  readonly since: number;
}

export interface CallBackStore {
  /** Those of this PBX that may be called now, whoever has waited longest first. */
  due(): Promise<readonly DialCallBack[]>;
  /** Writes the attempt; null: somebody else has, or the caller does not want it any more. */
  claim(id: number): Promise<Dial | null>;
  /** The PBX refused the order: no attempt at the person. */
  unplaced(attemptId: number): Promise<void>;
}

export interface DialOrder {
  readonly id: string;
  readonly number: string;
  readonly name: string;
  readonly queue: string;
  readonly callerId: string;
  readonly ringMs: number;
  readonly connectWithinMs: number;
  readonly message: string;
  /** Null: nobody's campaign, the caller asked to be called back. */
  readonly campaign: number | null;
}
