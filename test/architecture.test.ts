import { readFileSync, readdirSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';
import { expect, test } from 'vitest';

/** [importer, imported, 'type' = only `import type`]. $1 = the feature the importer is in. Anything not listed is refused. */
const ALLOWED: [RegExp, string, 'type'?][] = [
  [/^server\/[\w.-]+\.ts$/, '^(server|cti)/'], // main, app, deps, events: the composition root
  [/^server\/core\//, '^server/(core/|events\\.ts$|config\\.ts$)'],
  [/^server\/(\w+)\//, '^server/($1|core)/'],
  [/^server\/\w+\//, '/contract\\.ts$'],
  [/^server\/\w+\//, '^(server/(deps|events|config)|cti/index)\\.ts$', 'type'],
  [/^(cti|softphone)\//, '^$1/'],
  [/^web\/(\w+)\//, '^web/($1|core|ui)/'],
  [/^web\/(main\.ts|app\/)/, '^(web/|softphone/index\\.ts$)'],
  [/^web\//, '/contract\\.ts$', 'type'],
  [/^test\//, '.*'],
];

const root = new URL('..', import.meta.url).pathname;
const files = ['server', 'cti', 'softphone', 'web', 'migrations'].flatMap((top) =>
  (readdirSync(join(root, top), { recursive: true }) as string[]).filter((f) => f.endsWith('.ts')).map((f) => posix.join(top, f)),
);

const IMPORT = /^(?:import|export)\s+(type\s)?[^'"]*?from\s+'(\.[^']+)'|^import\s+'(\.[^']+)'|import\('(\.[^']+)'\)/gm;
const edges = files.flatMap((from) =>
  [...readFileSync(join(root, from), 'utf8').matchAll(IMPORT)].map((m) => ({
    from,
    to: posix.join(dirname(from), (m[2] ?? m[3] ?? m[4])!.replace(/\?.*$/, '')),
    type: Boolean(m[1]),
  })),
);

const allowed = (e: (typeof edges)[number]) =>
  ALLOWED.some(([importer, imported, type]) => {
    const m = importer.exec(e.from);
    return m && new RegExp(imported.replace('$1', m[1] ?? '')).test(e.to) && (!type || e.type);
  });

test('every import is one the design allows', () => {
  expect(edges.length).toBeGreaterThan(10);
  expect(edges.filter((e) => !allowed(e)).map((e) => `${e.from} -> ${e.to}${e.type ? ' (type)' : ''}`)).toEqual([]);
});

test('no import goes in a circle', () => {
  const next = new Map<string, string[]>();
  for (const e of edges) if (!e.type) next.set(e.from, [...(next.get(e.from) ?? []), e.to]);
  const done = new Set<string>();
  const circles: string[] = [];
  const walk = (file: string, path: string[]) => {
    if (path.includes(file)) circles.push([...path.slice(path.indexOf(file)), file].join(' -> '));
    else if (!done.has(file)) {
      for (const to of next.get(file) ?? []) walk(to, [...path, file]);
      done.add(file);
    }
  };
  for (const file of files) walk(file, []);
  expect(circles).toEqual([]);
});

/** A risky package has exactly one importer (libraries.md of the design). */
const ONE_DOOR: Record<string, RegExp> = {
  'asterisk-manager': /^cti\/ami\/control\.ts$/,
  'sip.js': /^softphone\/sip\//,
  nodemailer: /^server\/core\/mail\.ts$/,
  bull: /^server\/core\/jobs[\w.-]*\.ts$/,
  libsql: /^server\/core\/db\.ts$/,
};

test('a risky package has one importer', () => {
  for (const [name, door] of Object.entries(ONE_DOOR)) {
    const importers = files.filter(
      (f) => !f.endsWith('.d.ts') && new RegExp(`['"]${name}(/[^'"]*)?['"]`).test(readFileSync(join(root, f), 'utf8')),
    );
    expect(
      importers.filter((f) => !door.test(f)),
      name,
    ).toEqual([]);
  }
});
