import { cpSync, existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { answers, run, startDaemon, which } from './daemon.ts';
import type { Daemon } from './paths.ts';
import { dir, ports, root } from './paths.ts';
import type { AsteriskHome } from './provision.ts';
import { locateAsterisk, provideAsterisk } from './provision.ts';

export const OPERATORS = range(101, 110); // WebRTC, in the browser; the secret of 101 is secret-101
export const PHONES = range(201, 210); // plain UDP, without a password; phone 20N is expected at port phones + N

export const amiUser = 'allo';
export const amiUnfilteredUser = 'allo-unfiltered';
export const amiAnswers = () => answers(ports.ami, 'Asterisk Call Manager');

/** The folders of one instance, as the host sees them (`host`) and as Asterisk does (`inside`): several may share one system folder. */
export function folders(home: AsteriskHome) {
  const inside = home.root === null ? join(dir, 'asterisk') : `/allo/${ports.app}`;
  return { inside, host: `${home.root ?? ''}${inside}` };
}

/** Asterisk asks for its host's name at each call, and a SIP thread waits until the DNS has said no: for seconds where nobody answers. */
const HOSTS = `127.0.0.1 localhost ${hostname()}\n`;

export async function startAsterisk(secret: string): Promise<Daemon> {
  const home = provideAsterisk();
  const { inside, host } = folders(home);
  render(home, secret);
  if (home.root !== null) writeFileSync(join(home.root, 'etc/hosts'), HOSTS);
  for (const folder of ['spool/log/cel-custom', 'spool/monitor', 'run', 'moh', 'var/keys'])
    mkdirSync(join(host, folder), { recursive: true });
  writeFileSync(join(host, 'moh/tone.ulaw'), tone());
  rmSync(join(host, 'run/asterisk.ctl'), { force: true });
  const args = ['-f', '-n', '-C', `${inside}/etc/asterisk.conf`];
  const log = join(host, 'spool/log/console.log');
  return home.root === null
    ? startDaemon(home.program, args, log, () => booted(secret))
    : startDaemon(which('chroot') ?? 'chroot', [home.root, home.program, ...args], log, () => booted(secret));
}

const booted = (secret: string) =>
  answers(ports.ami, 'Event: FullyBooted', `Action: Login\r\nUsername: ${amiUser}\r\nSecret: ${secret}\r\n\r\n`);

/** Runs a command of Asterisk's console. @throws when Asterisk is not running */
export function rasterisk(command: string): string {
  const home = locateAsterisk();
  if (!home) throw new Error('there is no Asterisk: npm run stack -- up');
  const args = ['-C', `${folders(home).inside}/etc/asterisk.conf`, '-rx', command];
  return home.root === null ? run(home.program, args) : run(which('chroot') ?? 'chroot', [home.root, home.program, ...args]);
}

/** Replaces one file of the configuration; the caller reloads. */
export function configure(file: string, text: string): void {
  const home = locateAsterisk();
  if (!home) throw new Error('there is no Asterisk: npm run stack -- up');
  writeFileSync(join(folders(home).host, 'etc', file), text);
}

/** Files that modules want to see, taken as the package brings them. */
const STOCK = ['acl', 'amd', 'ccss', 'cli_aliases', 'confbridge', 'indications', 'pjsip_notify', 'queuerules', 'udptl'].map(
  (name) => `${name}.conf`,
);

/** The configuration that ships with Allo, its placeholders filled in, and the test's own few files. */
function render(home: AsteriskHome, secret: string): void {
  const { inside, host } = folders(home);
  const etc = join(host, 'etc');
  rmSync(etc, { recursive: true, force: true });
  const modules = ['x86_64-linux-gnu', 'aarch64-linux-gnu', ''].map((arch) => join('/usr/lib', arch, 'asterisk/modules'));
  const values: Record<string, string> = {
    ALLO_ETC: `${inside}/etc`,
    ALLO_VAR: `${inside}/var`,
    ALLO_RUN: `${inside}/run`,
    ALLO_SPOOL: `${inside}/spool`,
    ALLO_MOH_DIR: `${inside}/moh`,
    ALLO_MODULES: modules.find((folder) => existsSync(join(home.root ?? '', folder))) ?? modules[0]!,
    ALLO_AMI_PORT: String(ports.ami),
    ALLO_AMI_SECRET: secret,
    ALLO_HTTP_PORT: String(ports.asteriskHttp),
    ALLO_SIP_BIND: '127.0.0.1',
    ALLO_SIP_PORT: String(ports.sip),
    ALLO_RTP_START: String(ports.rtpStart),
    ALLO_RTP_END: String(ports.rtpEnd),
  };
  mkdirSync(etc, { recursive: true });
  for (const file of STOCK)
    if (existsSync(join(home.root ?? '', '/etc/asterisk', file))) cpSync(join(home.root ?? '', '/etc/asterisk', file), join(etc, file));
  run(join(root, 'cti/asterisk/render.sh'), [etc, join(root, 'cti/asterisk'), join(root, 'test/stack/asterisk')], {
    ...process.env,
    ...values,
  });
  writeFileSync(join(etc, 'pjsip_local.conf'), endpoints());
}

function endpoints(): string {
  const operators = OPERATORS.map(
    (n) =>
      `[${n}](allo-operator)\nauth=${n}\naors=${n}\ncallerid=Operator ${n} <${n}>\n[${n}](allo-auth)\nusername=${n}\npassword=secret-${n}\n[${n}](allo-aor)\n`,
  );
  const phones = PHONES.map(
    (n) =>
      `[${n}]\ntype=endpoint\ncontext=from-internal\ndisallow=all\nallow=alaw,ulaw\ndirect_media=no\naors=${n}\ncallerid=Phone ${n} <${n}>\n` +
      `[${n}]\ntype=aor\ncontact=sip:${n}@127.0.0.1:${ports.phones + n - 200}\n` +
      (n === 210 ? `contact=sip:${n}@127.0.0.1:${ports.phones + 11}\n` : ''),
  );
  const trunk =
    `[trunk](allo-trunk)\naors=trunk\n[trunk]\ntype=aor\ncontact=sip:127.0.0.1:${ports.trunkPeer}\n` +
    '[trunk]\ntype=identify\nendpoint=trunk\nmatch_header=X-Allo-Trunk: sipp\n' +
    `[trunk-fax](allo-trunk)\naors=trunk-fax\nfax_detect=yes\n[trunk-fax]\ntype=aor\ncontact=sip:127.0.0.1:${ports.faxPeer}\n` +
    '[trunk-fax]\ntype=identify\nendpoint=trunk-fax\nmatch_header=X-Allo-Trunk: fax\n';
  return [trunk, ...operators, ...phones].join('\n');
}

/** A second of 400 Hz in u-law, the music on hold. */
function tone(): Buffer {
  const period = [0xff, 0x9e, 0x90, 0x8d, 0x8c, 0x8d, 0x90, 0x9e, 0xff, 0xff, 0x1e, 0x10, 0x0d, 0x0c, 0x0d, 0x10, 0x1e, 0x7f, 0x7f, 0x7f];
  return Buffer.from(Array.from({ length: 8_000 }, (_, i) => period[i % period.length]!));
}

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from + 1 }, (_, i) => from + i);
}
