import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';

const root = join(import.meta.dirname, '..');
const read = (file: string) => readFileSync(join(root, file), 'utf8');
const compose = read('docker-compose.yml');

/** The blocks one level below a top-level key. Enough for a file whose shape is ours: two spaces a level. */
function blocks(section: string): Record<string, string> {
  const body = new RegExp(`^${section}:\\n((?:(?: .*|#.*|)\\n)*)`, 'm').exec(compose)?.[1] ?? '';
  const parts = body.split(/^ {2}(?=[\w-]+:)/m).slice(1);
  return Object.fromEntries(parts.map((part) => [part.slice(0, part.indexOf(':')), part]));
}

const services = blocks('services');
const volumes = blocks('volumes');

describe('docker-compose.yml', () => {
  test('has every part', () => {
    expect(Object.keys(services).sort()).toEqual(['allo', 'asterisk', 'coturn', 'mariadb', 'proxy', 'redis']);
  });

  test('every service says how it is checked, and comes back by itself', () => {
    for (const [name, text] of Object.entries(services)) {
      if (name === 'allo') expect(read('Dockerfile')).toMatch(/^HEALTHCHECK .*\n.*\/healthz/m);
      else expect(text, name).toMatch(/^ {4}healthcheck:\n {6}test: /m);
      expect(text, name).toContain('restart: unless-stopped');
    }
  });

  test('every secret must be set: none has a value of its own, nor a default', () => {
    const secrets = compose.match(/\$\{\w*(?:SECRET|PASSWORD|KEY)\w*[^}]*\}/g) ?? [];
    expect(secrets.length).toBeGreaterThanOrEqual(9);
    expect(secrets.filter((secret) => !/^\$\{\w+:\?set \w+ in \.env.*\}$/.test(secret))).toEqual([]);
    const assigned = [...compose.matchAll(/^\s+\w*(?:PASSWORD|SECRET|KEY|AUTH)\w*: (.*)$/gm)].map(([, value]) => value!);
    expect(assigned.filter((value) => !value.startsWith('${') && value !== "'1'")).toEqual([]); // '1': MARIADB_RANDOM_ROOT_PASSWORD
  });

  test('named volumes are declared, all of them used, and mounted files exist', () => {
    const mounts = Object.values(services).flatMap((text) =>
      [...text.matchAll(/^ {6}- (\.?[\w./-]+):(\/[^:\s]+)(?::ro)?$/gm)].map(([, source]) => source!),
    );
    const named = [...new Set(mounts.filter((source) => !source.startsWith('.')))];
    expect(named.sort()).toEqual(Object.keys(volumes).sort());
    expect(mounts).toContain('./deploy/Caddyfile');
    for (const file of ['deploy/Caddyfile', 'deploy/asterisk/Dockerfile', 'deploy/asterisk/entrypoint.sh'])
      expect(existsSync(join(root, file)), file).toBe(true);
  });

  test('the database, Redis, AMI and the WebSocket of Asterisk are not published', () => {
    const published = Object.fromEntries(
      Object.entries(services).map(([name, text]) => [name, [...text.matchAll(/^ {6}- '([\d-]+):/gm)].map(([, port]) => port)]),
    );
    expect(published).toEqual({
      allo: [],
      mariadb: [],
      redis: [],
      asterisk: ['5060', '10000-10199'],
      coturn: ['3478', '3478', '49160-49259'],
      proxy: ['80', '443'],
    });
  });

  test('services wait for what they stand on, and name only what exists', () => {
    const waits = [...compose.matchAll(/^ {6}([\w-]+): \{ condition: service_healthy \}$/gm)].map(([, name]) => name!);
    expect(waits.sort()).toEqual(['allo', 'asterisk', 'mariadb', 'redis']);
    expect(waits.filter((name) => !(name in services))).toEqual([]);
  });
});

describe('the Asterisk configuration', () => {
  const target = mkdtempSync(join(tmpdir(), 'allo-render-'));
  afterAll(() => rmSync(target, { recursive: true }));
  const render = (env: Record<string, string>) =>
    spawnSync(join(root, 'cti/asterisk/render.sh'), [target], { encoding: 'utf8', env: { PATH: process.env['PATH'], ...env } });

  test('without a secret it is refused by name', () => {
    const { status, stderr } = render({});
    expect(status).not.toBe(0);
    expect(stderr).toContain('set ALLO_AMI_SECRET');
  });

  test('placeholders are filled in, the dialplan is left as it is', () => {
    const { status, stderr } = render({ ALLO_AMI_SECRET: 's3cret', ALLO_AMI_PORT: '15038' });
    expect(stderr).toBe('');
    expect(status).toBe(0);
    const rendered = readdirSync(target);
    expect(rendered.filter((file) => !file.endsWith('.conf'))).toEqual([]);
    for (const file of rendered) expect(readFileSync(join(target, file), 'utf8'), file).not.toContain('${ALLO_');
    const manager = readFileSync(join(target, 'manager.conf'), 'utf8');
    expect(manager).toMatch(/^secret = s3cret$/m);
    expect(manager).toMatch(/^port = 15038$/m);
    expect(manager).toMatch(/^bindaddr = 127\.0\.0\.1$/m);
    expect(readFileSync(join(target, 'extensions.conf'), 'utf8')).toContain('Dial(PJSIP/${EXTEN},30,tb(allo-header^s^1))');
  });

  test("the bridge's account may not run commands, and only loopback may use it by default", () => {
    const allo = /^\[allo\]\n((?:(?!\[).*\n)*)/m.exec(readFileSync(join(target, 'manager.conf'), 'utf8'))?.[1] ?? '';
    expect(allo).toMatch(/^permit = 127\.0\.0\.1\/255\.255\.255\.255$/m);
    for (const rights of allo.match(/^(read|write) = .*$/gm) ?? ['missing']) expect(rights).not.toMatch(/command|all$|config|missing/);
  });

  test('compose sets nothing that the files do not know', () => {
    const known = new Set([
      'ALLO_EXTERNAL_ADDRESS',
      ...execFileSync('sh', ['-c', 'cat cti/asterisk/*.conf'], { cwd: root, encoding: 'utf8' }).match(/ALLO_\w+/g)!,
    ]);
    const set = services['asterisk']!.match(/^ {6}(ALLO_\w+):/gm)!.map((line) => line.trim().slice(0, -1));
    expect(set.filter((name) => !known.has(name))).toEqual([]);
  });

  test('scripts can be run', () => {
    for (const file of ['cti/asterisk/render.sh', 'deploy/asterisk/entrypoint.sh', '.ci/run'])
      expect(statSync(join(root, file)).mode & 0o111, file).not.toBe(0);
  });
});
