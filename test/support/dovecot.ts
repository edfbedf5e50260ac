import { spawn } from 'node:child_process';
import { chmodSync, chownSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ImapFlow } from 'imapflow';
import { locate } from '../stack/provision.ts';

export interface MailServer {
  port: number;
  user: string;
  password: string;
  /** As COMPLAINTS_IMAP_URL takes it. */
  url: string;
  /** A session of our own, to put letters in and to look. */
  open(): Promise<ImapFlow>;
  /** Letters as they come from the wire, into INBOX. */
  deliver(...letters: (string | Buffer)[]): Promise<void>;
  stop(): Promise<void>;
}

/** Debian's dovecot is there, and this is root, whom it needs to become the owner of a mailbox. */
export const haveDovecot = (): boolean => locate('dovecot') !== null && process.getuid?.() === 0;

const freePort = async (): Promise<number> => {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
};

const NOBODY = 65_534;

/** An IMAP server of its own, with one mailbox, on a free port of loopback. */
export const startDovecot = async (): Promise<MailServer> => {
  const home = mkdtempSync(join(tmpdir(), 'allo-dovecot-'));
  chmodSync(home, 0o755);
  const mail = join(home, 'mail');
  mkdirSync(mail);
  chownSync(mail, NOBODY, NOBODY);
  const [port, user, password] = [await freePort(), 'complaints', 'secret'];
  const log = join(home, 'log');
  const config = `
base_dir = ${home}/run
log_path = ${log}
protocols = imap
listen = 127.0.0.1
ssl = no
disable_plaintext_auth = no
first_valid_uid = 1
mail_location = maildir:${mail}/%u
passdb {
  driver = static
  args = password=${password}
}
userdb {
  driver = static
  args = uid=${NOBODY} gid=${NOBODY} home=${mail}/%u
}
service imap-login {
  inet_listener imap {
    port = ${port}
  }
  inet_listener imaps {
    port = 0
  }
}
`;
  writeFileSync(join(home, 'dovecot.conf'), config);
  const child = spawn(locate('dovecot')!, ['-F', '-c', join(home, 'dovecot.conf')], { stdio: 'ignore' });
  const open = async (): Promise<ImapFlow> => {
    const imap = new ImapFlow({ host: '127.0.0.1', port, secure: false, auth: { user, pass: password }, logger: false });
    imap.on('error', () => {});
    await imap.connect();
    return imap;
  };
  for (const until = Date.now() + 20_000; ;) {
    try {
      await (await open()).logout();
      break;
    } catch (err) {
      if (Date.now() > until || child.exitCode !== null) throw new Error(`dovecot: ${readFileSync(log, 'utf8')}`, { cause: err });
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
  return {
    port,
    user,
    password,
    url: `imap://${user}:${password}@127.0.0.1:${port}/INBOX`,
    open,
    async deliver(...letters) {
      const imap = await open();
      for (const letter of letters) await imap.append('INBOX', letter);
      await imap.logout();
    },
    async stop() {
      const gone = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGTERM');
      await gone;
      rmSync(home, { recursive: true, force: true });
    },
  };
};
