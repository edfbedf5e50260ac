import { existsSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { run, which } from './daemon.ts';
import { oldAsterisk, root, rootfs } from './paths.ts';

/** What the tests need, the programs that show it is there, and the Debian package that brings it. */
const NEEDS = {
  mariadb: { programs: ['mariadbd', 'mysqld'], package: 'mariadb-server' },
  redis: { programs: ['redis-server'], package: 'redis-server' },
  sipp: { programs: ['sipp'], package: 'sip-tester' },
  dovecot: { programs: ['dovecot'], package: 'dovecot-imapd' },
  chromium: { programs: ['chromium', 'chromium-browser', 'google-chrome'], package: 'chromium' },
  pulseaudio: { programs: ['pulseaudio'], package: 'pulseaudio' },
  pactl: { programs: ['pactl'], package: 'pulseaudio-utils' },
  debootstrap: { programs: ['debootstrap'], package: 'debootstrap' },
} as const;
export type Tool = keyof typeof NEEDS;

export const locate = (tool: Tool): string | null => which(...NEEDS[tool].programs);

let updated = false;

/** Finds a program, or installs its package as root. @throws with a sentence that says what to install */
export function provide(tool: Tool): string {
  const found = locate(tool);
  if (found) return found;
  const name = NEEDS[tool].package;
  if (process.getuid?.() !== 0 || !which('apt-get'))
    throw new Error(`${tool} is missing: install the package ${name} (apt-get install ${name}, as root)`);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive', RUNLEVEL: '1' }; // runlevel 1: packages do not start their services
  if (!updated) run('apt-get', ['update'], env);
  updated = true;
  console.log(`installing ${name}`);
  run('apt-get', ['install', '-y', '--no-install-recommends', name], env);
  const installed = locate(tool);
  if (!installed) throw new Error(`${name} is installed, and there is still no ${NEEDS[tool].programs.join(' or ')}`);
  return installed;
}

/** root: the folder to chroot into; null when the system itself has an Asterisk. */
export type AsteriskHome = { root: string | null; program: string };

export const locateAsterisk = (): AsteriskHome | null => {
  if (existsSync(join(rootfs, 'usr/sbin/asterisk'))) return { root: rootfs, program: '/usr/sbin/asterisk' };
  const own = which('asterisk');
  return own && !oldAsterisk ? { root: null, program: own } : null;
};

/** Debian 12 has no Asterisk: lay down a small newer Debian that has (or the older one that has the Asterisk asked for). */
export function provideAsterisk(): AsteriskHome {
  const found = locateAsterisk();
  if (found) return found;
  const packages = readFileSync(join(root, 'cti/asterisk/packages.txt'), 'utf8').trim().split('\n'); // those of the container image
  layDown('Asterisk', packages, oldAsterisk ? OLD_SUITES[oldAsterisk] : ['forky', 'sid'], rootfs);
  return { root: rootfs, program: '/usr/sbin/asterisk' };
}

const OLD_SUITES = { '16': ['bullseye'] } as const;

/** A minimal Debian with these packages, from the mirror this machine uses. Half a minute, 500 MB. @throws when no suite of no mirror has them */
export function layDown(what: string, packages: readonly string[], suites: readonly string[], target: string): void {
  if (process.getuid?.() !== 0)
    throw new Error(
      `${what} is missing: install the package ${packages[0]}, or run this as root once, so that it can be laid down with debootstrap`,
    );
  const debootstrap = provide('debootstrap');
  const unfinished = `${target}.unfinished`;
  const problems: string[] = [];
  for (const mirror of debianMirrors())
    for (const suite of suites) {
      console.log(`laying down ${what} from Debian ${suite}`);
      rmSync(unfinished, { recursive: true, force: true });
      try {
        // "sid": the recipe; an older debootstrap does not know the newer suites by name
        run(debootstrap, ['--variant=minbase', `--include=${packages.join(',')}`, suite, unfinished, mirror, 'sid']);
        renameSync(unfinished, target);
        return;
      } catch (error) {
        problems.push((error as Error).message);
      }
    }
  throw new Error(`${what} could not be laid down:\n${problems.join('\n') || "this machine's apt settings name no Debian mirror"}`);
}

/** The mirrors of Debian proper in this machine's apt settings: neither the security archive nor other vendors' repositories. */
function debianMirrors(): string[] {
  const lines = run(which('apt-get') ?? 'apt-get', [
    'indextargets',
    '--format',
    '$(REPO_URI)|$(ORIGIN)|$(LABEL)',
    'Created-By: Packages',
  ]).split('\n');
  return [
    ...new Set(
      lines
        .map((line) => line.split('|'))
        .filter(([uri, origin, label]) => uri && origin === 'Debian' && label === 'Debian')
        .map(([uri]) => uri!),
    ),
  ];
}
