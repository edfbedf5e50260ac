import { randomBytes } from 'node:crypto';
import { createInterface } from 'node:readline';
import { loadConfig } from '../../../server/config.ts';
import { migrate, openDb } from '../../../server/core/db.ts';
import { createLog } from '../../../server/core/log.ts';
import { hashPassword } from '../../../server/core/passwords.ts';
import { serve } from '../../../server/serve.ts';
import { insertUser } from '../../../server/users/queries.ts';
import { Story } from '../facts.ts';

/**
 * The product's server, and in the same process the facts of many calls: what they cost to make counts as the server's. Arguments: queues, calls a
 * second, supervisors, their password. Each line of standard input is answered by one of figures: CPU so far (µs), memory (bytes).
 */
const [queues, rate, supervisors, password] = [Number(process.argv[2]), Number(process.argv[3]), Number(process.argv[4]), process.argv[5]!];
const OPERATORS = Math.max(2, Math.round(queues * 2.5));
const WAIT_MS = 4_000;
const TALK_MS = 6_000;

const db = openDb('sqlite::memory:');
await migrate(db);
const passwordHash = await hashPassword(password);
for (let i = 0; i < supervisors; i++)
  await insertUser(db, { login: `boss${i}`, name: `Boss ${i}`, role: 'supervisor', departmentId: null, language: 'en', timeZone: 'UTC', passwordHash }, Date.now()); // prettier-ignore
for (let i = 0; i < queues; i++) await db('queues').insert({ pbx: 'main', name: `q${i}`, label: `Queue ${i}` });
for (let i = 0; i < OPERATORS; i++) {
  const id = await insertUser(db, { login: `op${i}`, name: `Operator ${i}`, role: 'operator', departmentId: null, language: 'en', timeZone: 'UTC', passwordHash }, Date.now()); // prettier-ignore
  const phone = { pbx: 'main', extension: String(1000 + i), user_id: id };
  await db('extensions').insert(phone);
  await db('shifts').insert({ ...phone, mode: 'desk', since: Date.now() });
  await db('shift_queues').insert({ ...phone, queue: `q${i % queues}`, state: 'joined', penalty: 0 });
}

const config = loadConfig({
  PORT: '0',
  DATABASE_URL: 'sqlite::memory:',
  PBX: 'main=ami://user:secret@127.0.0.1:1',
  SESSION_SECRET: randomBytes(32).toString('hex'),
  SECRETS_KEY: randomBytes(32).toString('hex'),
});
const serving = await serve(config, { log: createLog('silent'), db });
const { bus } = serving.app.deps;

let made = 0;
const tell = (story: Story, from: number) => story.facts.slice(from).forEach((fact) => bus.emit('cti.fact', fact));
const call = (): void => {
  const n = ++made;
  const start = Date.now();
  const [queue, agent] = [`q${n % queues}`, String(1000 + (n % OPERATORS))];
  const story = new Story({ key: `${Math.floor(start / 1000)}.${n}`, from: `7495${String(n % 10_000_000).padStart(7, '0')}`, fromName: '' }, start); // prettier-ignore
  const step = (run: () => void) => {
    const told = story.facts.length;
    run();
    tell(story, told);
  };
  tell(story.queued(0, queue), 0);
  const at = () => Date.now() - start;
  const wait = WAIT_MS * (0.5 + (n % 100) / 100);
  // One after the other: on a busy machine timers of different lengths overtake one another.
  const later = (steps: readonly [number, () => void][]): void => {
    const [next, ...others] = steps;
    if (next) setTimeout(() => (step(next[1]), later(others)), next[0]);
  };
  later([
    [wait * 0.6, () => void story.begin(at(), 'offer', agent, queue)],
    [wait * 0.4, () => void story.end(at(), 'offer', 'answered', agent).end(at(), 'queue', 'answered').begin(at(), 'talk', agent)],
    [TALK_MS, () => void story.end(at(), 'talk', 'customer', agent).hangup(at(), 'completed')],
  ]);
};
const began = performance.now();
const pace = setInterval(() => {
  while (made < ((performance.now() - began) / 1000) * rate) call();
}, 10);

const lines = createInterface({ input: process.stdin });
lines.on('line', () => {
  const { user, system } = process.cpuUsage();
  console.log(`figures ${JSON.stringify({ cpu: user + system, rss: process.memoryUsage().rss, calls: made })}`);
});
lines.on('close', () => {
  clearInterval(pace);
  process.exit(0);
});
console.log(`url ${serving.url}`);
