import type { Phone, PhoneAccount } from '../phone.ts';
import { SharedPhone } from '../tabs/shared-phone.ts';

export type Log = (level: 'debug' | 'log' | 'warn' | 'error', category: string, message: string) => void;

/** The phone of an account, shared with the other tabs of this browser. SIP.js is fetched when the first one is made. */
export class OwnPhone {
  phone: Phone | null = null;
  /** It could not be made: the account makes no sense, or the code did not come. */
  failed = false;
  private wanted = 'null';
  private readonly changed: () => void;
  private readonly log: Log;

  constructor(changed: () => void, log: Log) {
    this.changed = changed;
    this.log = log;
  }

  /** Makes the phone of an account, and unmakes the one before. */
  follow(account: PhoneAccount | null): void {
    const wanted = JSON.stringify(account);
    if (wanted === this.wanted) return;
    this.wanted = wanted;
    this.failed = false;
    void this.phone?.stop();
    this.phone = null;
    if (account) void this.make(account, wanted);
  }

  private async make(account: PhoneAccount, wanted: string): Promise<void> {
    try {
      const { checkAccount, createSipPhone } = await import('../sip/sip-phone.ts');
      if (this.wanted !== wanted) return;
      checkAccount(account);
      this.phone = new SharedPhone(`${account.extension}@${account.domain}`, () => createSipPhone(account, { log: this.log }));
      this.phone.start();
    } catch (error) {
      this.log('error', 'phone', String(error));
      this.phone = null;
      this.failed = this.wanted === wanted;
    }
    this.changed();
  }
}
