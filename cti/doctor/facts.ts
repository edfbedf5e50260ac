/** What an Asterisk says of itself to the account we have there. Holds no secret: of a phone's password only what can be compared. */
export interface PbxFacts {
  /** "22.10.1+dfsg" */
  readonly version: string;
  readonly systemName: string;
  /** Its clock minus ours, ms. */
  readonly clockOffsetMs: number;
  /** The actions that this account may use. */
  readonly actions: readonly string[];
  /** Events that the bridge needs. */
  readonly wanted: readonly string[];
  /** By file name. absent: there is no such file. denied: the account may not read it. */
  readonly configs: Readonly<Record<string, ConfigFile | 'absent' | 'denied'>>;
  /** By name without .so; null: the account may not ask. */
  readonly modules: Readonly<Record<string, boolean>> | null;
  /** null: the account may not ask. */
  readonly dialplan: readonly DialplanStep[] | null;
  /** PJSIP endpoints whose name is an operator's extension; null: the account may not ask. */
  readonly endpoints: readonly EndpointFacts[] | null;
}

export type ConfigFile = readonly ConfigSection[];

export interface ConfigSection {
  readonly name: string;
  /** In order, with those of its templates; keys in lower case. */
  readonly lines: readonly (readonly [key: string, value: string])[];
}

/** `app` and `data` are empty where a context includes another. */
export interface DialplanStep {
  readonly context: string;
  readonly exten: string;
  readonly app: string;
  readonly data: string;
}

export interface EndpointFacts {
  readonly name: string;
  readonly webrtc: boolean;
  readonly directMedia: boolean;
  /** A certificate for DTLS, of its own making or from a file. */
  readonly certificate: boolean;
  readonly codecs: readonly string[];
  readonly maxContacts: number;
  readonly removeExisting: boolean;
  /** SHA-256 of the password, hex; null: there is none in plain text. */
  readonly passwordHash: string | null;
  readonly passwordWeak: boolean;
}

export type PbxInspection = { readonly reached: true; readonly facts: PbxFacts } | { readonly reached: false; readonly reason: string };
