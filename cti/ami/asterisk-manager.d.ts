/** The part of asterisk-manager 0.2.0 that control.ts uses. Read from its sources: the package brings no types. */
declare module 'asterisk-manager' {
  import type { NetConnectOpts } from 'node:net';

  /** A response; keys in lower case, a repeated key is an array. */
  interface Response {
    readonly response?: string | string[];
    readonly message?: string | string[];
    readonly [key: string]: unknown;
  }

  interface Manager {
    /** The first argument goes to net.createConnection as it is, so options may stand in place of the port. */
    connect(options: NetConnectOpts, host: undefined, connected?: () => void): void;
    login(done: (err?: Response) => void): void;
    /** `err` is the response itself when it says Error. */
    action(action: Record<string, unknown>, done: (err: Response | undefined, response?: Response) => void): string;
    disconnect(): void;
    on(event: 'error', listener: (err: Error) => void): void;
    on(event: 'close', listener: () => void): void;
    removeListener(event: string, listener: (...values: never[]) => void): void;
  }

  /** Without a port it does not connect by itself. */
  const Manager: new (port: undefined, host: string, user: string, secret: string, events: boolean) => Manager;
  export type { Manager, Response };
  export default Manager;
}
