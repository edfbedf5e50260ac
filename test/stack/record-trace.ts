import { once } from 'node:events';
import { hostname } from 'node:os';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Caller, Phone } from '../support/sipp.ts';
import { callIn, startPhone } from '../support/sipp.ts';
import type { SipPhone } from '../support/sip-phone.ts';
import { openSipPhone } from '../support/sip-phone.ts';
import type { Fields } from './ami-session.ts';
import { AmiSession } from './ami-session.ts';
import type { Asterisk } from './index.ts';
import { ensureStack } from './index.ts';
import { root } from './paths.ts';
import { commandScenarios } from './traces/command.ts';
import { directScenarios } from './traces/direct.ts';
import { dialledScenarios } from './traces/dialled.ts';
import { groupScenarios } from './traces/groups.ts';
import { handOverScenarios } from './traces/hand-overs.ts';
import { outsideScenarios } from './traces/outside.ts';
import { queueScenarios } from './traces/queue.ts';
import type { Scenario, Stage } from './traces/scenario.ts';
import { servicesScenarios } from './traces/services.ts';
import { transferScenarios } from './traces/transfers.ts';
import { waitingScenarios } from './traces/waiting.ts';

/** Records what a real Asterisk says of a call: NAME.ami holds the bytes, NAME.json what really happened. */
const scenarios: Record<string, Scenario> = {
  ...queueScenarios,
  ...directScenarios,
  ...commandScenarios,
  ...transferScenarios,
  ...groupScenarios,
  ...outsideScenarios,
  ...servicesScenarios,
  ...handOverScenarios,
  ...waitingScenarios,
  ...dialledScenarios,
};
/** These are recorded a second time as an administrator has it who set no event filter. */
const ALSO_UNFILTERED = ['queue-answered', 'direct-answered'];
/** Of what Asterisk wrote down itself, beside the bytes that tell the same calls. */
const JOURNAL = { 'cel.csv': 'log/cel-custom/allo.csv', queue_log: 'log/queue_log' };
// test/support/replay.ts reads ALLO_TRACES
const fixtures = process.env['ALLO_TRACES'] ?? join(root, 'test/fixtures/ami');
const journalFixtures = join(root, 'test/fixtures/journal');
/** --journal: what is recorded stands beside the journals alone; --both: there and among the traces. */
const mode = ['--journal', '--both'].find((option) => option === process.argv[2]) ?? '';
const withJournal = mode !== '';
const asTrace = mode !== '--journal';

type Note = { party: string; at: number; what: string };

async function record(name: string, scenario: Scenario, asterisk: Asterisk): Promise<void> {
  const control = await AmiSession.open(asterisk.amiPort, asterisk.amiUnfilteredUser, asterisk.amiSecret);
  const sessions: Record<string, AmiSession> = {};
  const parties: { party: string; notes: () => string[] }[] = [];
  const phones: Phone[] = [];
  const callers: Caller[] = [];
  const sipPhones: SipPhone[] = [];
  const members: [queue: string, member: string][] = [];
  const notes: Note[] = [];
  const seen = new Map<string, number>();
  let journal: Record<string, Buffer> = {};
  const look = () => {
    for (const { party, notes: read } of parties) {
      const all = read();
      for (const what of all.slice(seen.get(party) ?? 0)) notes.push({ party, at: Date.now() / 1000, what });
      seen.set(party, all.length);
    }
  };
  const watch = setInterval(look, 10);

  const stage: Stage = {
    async member(queue, phone, MemberName, Interface = `PJSIP/${phone}`) {
      await control.action({ Action: 'QueueAdd', Queue: queue, Interface, StateInterface: `PJSIP/${phone}`, MemberName });
      members.push([queue, Interface]);
    },
    async phone(who, does) {
      const phone = await startPhone(who, does);
      phones.push(phone);
      parties.push({ party: who === 'trunk' ? 'customer' : String(who), notes: phone.notes });
      return phone;
    },
    call(call) {
      const caller = callIn(call);
      callers.push(caller);
      parties.push({ party: call.as === 'phone' ? call.from : 'caller', notes: caller.notes });
      return caller;
    },
    async sip(who, number, port) {
      const phone = await openSipPhone(who, number, port);
      sipPhones.push(phone);
      parties.push({ party: typeof who === 'string' ? 'customer' : String(who), notes: phone.notes });
      return phone;
    },
    async keys(channel, digits) {
      for (const Digit of digits) {
        await control.action({ Action: 'PlayDTMF', Channel: channel, Digit, Duration: '100', Receive: 'true' });
        await sleep(200);
      }
    },
    action: (fields) => control.action(fields),
    async record() {
      journal = readJournal(asterisk.spool);
      sessions['ami'] = await AmiSession.open(asterisk.amiPort, asterisk.amiUser, asterisk.amiSecret);
      if (ALSO_UNFILTERED.includes(name) && asTrace)
        sessions['unfiltered.ami'] = await AmiSession.open(asterisk.amiPort, asterisk.amiUnfilteredUser, asterisk.amiSecret);
      for (const session of Object.values(sessions)) {
        await session.list({ Action: 'CoreShowChannels' });
        await session.list({ Action: 'QueueStatus' });
      }
    },
    async event(event, fields = {}) {
      const wanted = Object.entries({ Event: event, ...fields }).map(([key, value]) => `${key}: ${value}\r\n`);
      return parse(await control.waitFor((block) => wanted.every((line) => block.includes(line)), 20_000));
    },
    sleep,
  };

  try {
    const tooLong = AbortSignal.timeout(40_000);
    await Promise.race([
      scenario.run(stage),
      once(tooLong, 'abort').then(() => Promise.reject(new Error(`${name} did not end within 40 s`))),
    ]);
    await sleep(1_200); // AgentComplete and QueueMemberStatus may come late
    look();
  } finally {
    clearInterval(watch);
    for (const session of Object.values(sessions)) session.close();
    for (const caller of callers) caller.kill();
    for (const phone of phones) await phone.stop();
    for (const phone of sipPhones) phone.close();
    for (const [Queue, Interface] of members) await control.action({ Action: 'QueueRemove', Queue, Interface });
    control.close();
  }

  const facts = {
    description: scenario.description,
    expected: scenario.expected,
    asterisk: asterisk.rasterisk('core show version').split(/[ +~]/)[1],
    /** `at` is epoch seconds, as Timestamp in the trace; noticed some 20 ms late. */
    heard: notes.map((note) => ({ ...note, at: Math.round(note.at * 100) / 100 })),
  };
  if (asTrace) {
    mkdirSync(fixtures, { recursive: true });
    for (const [kind, session] of Object.entries(sessions)) writeFileSync(join(fixtures, `${name}.${kind}`), anonymous(session.received));
    writeFileSync(join(fixtures, `${name}.json`), `${JSON.stringify(facts, null, 2)}\n`);
  }
  if (withJournal) {
    writeFileSync(join(journalFixtures, `${name}.ami`), anonymous(sessions['ami']!.received));
    for (const [kind, now] of Object.entries(readJournal(asterisk.spool)))
      writeFileSync(join(journalFixtures, `${name}.${kind}`), anonymous([now.subarray(journal[kind]?.length ?? 0)]));
  }
  const sizes = Object.entries(sessions).map(
    ([kind, session]) => `${kind} ${(Buffer.concat(session.received).length / 1000).toFixed(1)} kB`,
  );
  console.log(`${name}: ${sizes.join(', ')}\n  ${notes.map((note) => `${note.party} ${note.what}`).join('; ')}`);
}

const readJournal = (spool: string): Record<string, Buffer> =>
  Object.fromEntries(
    Object.entries(JOURNAL).map(([kind, path]) => [
      kind,
      existsSync(join(spool, path)) ? readFileSync(join(spool, path)) : Buffer.alloc(0),
    ]),
  );

/** Bytes stay bytes: a caller's name may not be UTF-8. */
function anonymous(chunks: Buffer[]): Buffer {
  const text = Buffer.concat(chunks).toString('latin1');
  return Buffer.from(text.replaceAll(hostname(), 'pbx.example'), 'latin1');
}

function parse(block: string): Fields {
  return Object.fromEntries(block.split('\r\n').map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 2)]));
}

const wanted = process.argv.slice(withJournal ? 3 : 2);
const names = wanted[0] === 'all' ? Object.keys(scenarios) : wanted;
const unknown = names.filter((name) => !scenarios[name]);
if (names.length === 0 || unknown.length > 0) {
  console.error(
    `usage: npm run record-trace -- [--journal|--both] all|NAME...${unknown.map((name) => `\nthere is no ${name}`).join('')}\nNAME: ${Object.keys(scenarios).join(' ')}`,
  );
  process.exit(1);
}
const testQueues = readFileSync(join(root, 'test/stack/asterisk/queues_local.conf'), 'utf8');
const failed: string[] = [];
const { asterisk } = await ensureStack({ parts: ['asterisk'] });
for (const name of names) {
  // afresh each time: the same channel numbers and the same member first, and short times
  await asterisk.restart();
  asterisk.configure('queues_local.conf', `[support](+)\ntimeout=3\n${testQueues}`);
  asterisk.rasterisk('queue reload all');
  asterisk.rasterisk('dialplan set global DIRECT_SECONDS 3');
  await record(name, scenarios[name]!, asterisk).catch((error: unknown) => {
    failed.push(name);
    console.error(`${name}: ${(error as Error).message}`);
  });
}
await asterisk.restart();
if (failed.length > 0) console.error(`not recorded: ${failed.join(', ')}`);
process.exitCode = failed.length > 0 ? 1 : 0;
