import { setTimeout as sleep } from 'node:timers/promises';
import type { Knex } from 'knex';
import { openDb } from '../../server/core/db.ts';
import { AmiSession } from '../stack/ami-session.ts';
import type { Stack } from '../stack/index.ts';
import type { Product } from '../support/product.ts';
import { createClient } from '../support/server.ts';
import { openSipPhone } from '../support/sip-phone.ts';
import type { Dialog } from '../support/sip-phone.ts';
import { startPhone } from '../support/sipp.ts';
import type { Phone } from '../support/sipp.ts';
import { agreed } from './soak.ts';
import { quiet, randomOf } from './traffic.ts';

/**
 * A campaign at a real Asterisk: SIP phones are the people called, who answer, are busy, let it ring, answer slowly, hang up at once, or have no such number;
 * sipp phones are ten operators. The server is killed with kill -9 in the middle. Afterwards each person has the end that their number plays, nobody was
 * called twice, the attempts say what the call log says, and the log what Asterisk wrote down itself.
 */
export interface CampaignSoakOptions {
  readonly people: number;
  readonly kills: number;
  readonly callsPerSecond: number;
  readonly seed: number;
  readonly say: (line: string) => void;
}

const PBX = 'test';
const QUEUE = 'support';
const OPERATORS = [201, 202, 203, 204, 205, 206, 207, 208, 209, 210];
const PASSWORD = 'correct horse battery';
const RING_SECONDS = 5;

type Kind = 'answers' | 'slow' | 'hangs-up' | 'busy' | 'silent' | 'unknown';
/** By the last digit of the number. */
const KINDS: readonly Kind[] = ['answers', 'answers', 'answers', 'answers', 'answers', 'slow', 'busy', 'silent', 'unknown', 'hangs-up'];
const kindOf = (number: string): Kind => KINDS[Number(number.at(-1))]!;
const LIFT: ReadonlySet<Kind> = new Set(['answers', 'slow', 'hangs-up']);
/** What an attempt at them may come to. A person who lifts may be talked with, be abandoned, or give up first. */
const RESULTS: Readonly<Record<Kind, readonly string[]>> = {
  answers: ['talked', 'abandoned', 'hung-up'],
  slow: ['talked', 'abandoned', 'hung-up'],
  'hangs-up': ['talked', 'abandoned', 'hung-up'],
  busy: ['busy'],
  silent: ['no-answer'],
  unknown: ['failed'],
};

/** One person outside. @param lifted hears of them once the PBX has heard that they lifted */
const play = async (dialog: Dialog, random: () => number, lifted: (number: string) => void): Promise<void> => {
  const kind = kindOf(dialog.dialled);
  if (kind === 'busy') return dialog.refuse(486);
  if (kind === 'unknown') return dialog.refuse(404);
  if (kind === 'silent') return;
  await sleep(kind === 'slow' ? 3_000 : 200 + random() * 600);
  await dialog.answer();
  lifted(dialog.dialled);
  await sleep(kind === 'hangs-up' ? 150 : 2_500 + random() * 2_000);
  dialog.bye();
};

const members = async ({ asterisk }: Stack, action: 'QueueAdd' | 'QueueRemove'): Promise<void> => {
  const ami = await AmiSession.open(asterisk.amiPort, asterisk.amiUnfilteredUser, asterisk.amiSecret, { events: false });
  const phones = OPERATORS.map((one) => ({ Interface: `PJSIP/${one}`, StateInterface: `PJSIP/${one}`, MemberName: `Agent ${one}` }));
  for (const { Interface, ...more } of phones)
    await ami.action({ Action: action, Queue: QUEUE, Interface, ...(action === 'QueueAdd' && more) }).catch((err: Error) => {
      if (!/already there|not there/i.test(err.message)) throw err;
    });
  ami.close();
};

/** The campaign by the product's own way. @returns its id */
const prepare = async (
  product: Product,
  db: Knex,
  people: number,
  callsPerSecond: number,
): Promise<{ id: number; vera: ReturnType<typeof createClient> }> => {
  // prettier-ignore
  for (const [login, role] of [['vera', 'supervisor'], ['root', 'administrator'], ['anna', 'operator']] as const) // prettier-ignore
    await product.cli(['user', 'add', login, '--name', login, '--role', role, '--language', 'en', '--password-stdin'], PASSWORD);
  await product.cli(['queue', 'set', 'anna', `${PBX}:${QUEUE}`]);
  const signIn = async (login: string) => {
    const client = createClient(product.url);
    const { status } = await client.post('/api/auth/sign-in', { login, password: PASSWORD });
    if (status !== 200) throw new Error(`${login} could not sign in: ${status}`);
    return client;
  };
  const [vera, root] = [await signIn('vera'), await signIn('root')];
  const { items } = (await vera.get('/api/dialling/profiles')).body as { items: { code: string; rules: object }[] };
  const always = { workdays: { from: 0, to: 1440 }, freeDays: { from: 0, to: 1440 } };
  const rules = { ...items.find(({ code }) => code === 'UK')!.rules, hours: always, ringSeconds: RING_SECONDS };
  await root.post('/api/dialling/profiles', { code: 'ALWAYS', name: 'Soak', rules });
  const settings = { maxAttempts: 1, callsPerSecond, maxLines: 40 };
  const draft = { name: 'Soak', pbx: PBX, queue: QUEUE, mode: 'predictive', profile: 'ALWAYS', purpose: 'service', settings };
  const { id } = ((await vera.post('/api/campaigns', draft)).body as { campaign: { id: number } }).campaign;
  const text = Array.from({ length: people }, (_, i) => `+7916${String(1_000_000 + i)}`).join('\n');
  const { added } = (await vera.post(`/api/campaigns/${id}/contacts`, { text })).body as { added: number };
  if (added !== people) throw new Error(`${added} of ${people} people were taken`);
  await db('campaign_contacts').where({ campaign_id: id }).first();
  return { id, vera };
};

interface AttemptLine {
  readonly contact_id: number;
  readonly number: string;
  readonly channel_id: string;
  readonly state: string;
  readonly result: string | null;
  readonly answered_at: number | null;
  readonly connected_at: number | null;
}

/** What is wrong with how the campaign ended; nothing: []. */
const faults = async (db: Knex, id: number, invited: ReadonlyMap<string, number>, lifted: ReadonlySet<string>): Promise<string[]> => {
  const attempts = (await db<AttemptLine>('attempts').where('campaign_id', id)) as AttemptLine[];
  const calls = new Map(((await db('calls').select('linkedid', 'answered_at', 'ended_at')) as { linkedid: string; answered_at: number | null; ended_at: number | null }[]).map((call) => [call.linkedid, call])); // prettier-ignore
  const wrong: string[] = [];
  for (const { number, channel_id, state, result, connected_at } of attempts) {
    const rang = invited.get(number) ?? 0;
    if (rang > 1) wrong.push(`${number} was called ${rang} times`);
    const call = calls.get(channel_id);
    // killed between the row and the order: nobody was called, and a supervisor will see it
    if (state === 'open' && rang === 0 && !call) continue;
    if (state !== 'settled') wrong.push(`${number}: ${state}, rang ${rang} times`);
    else if (LIFT.has(kindOf(number)) && !lifted.has(number)) {
      // on a busy machine the PBX may have given up first
      if (result !== 'no-answer') wrong.push(`${number}, who never lifted: ${result}`);
    } else if (!RESULTS[kindOf(number)].includes(result!)) wrong.push(`${number}, who ${kindOf(number)}: ${result}`);
    if (!call?.ended_at) wrong.push(`${number}: its call is not in the log`);
    else if ((result === 'talked') !== (call.answered_at !== null) || (result === 'talked') !== (connected_at !== null))
      wrong.push(`${number}: ${result}, and the log says otherwise`);
  }
  return wrong;
};

/** @returns the figures @throws Error with what is wrong */
export const campaignSoak = async (stack: Stack, product: Product, databaseUrl: string, options: CampaignSoakOptions): Promise<string> => {
  const { people, kills, callsPerSecond, seed, say } = options;
  const random = randomOf(seed);
  const since = new Date().toISOString();
  const db = openDb(databaseUrl);
  const phones: Phone[] = [];
  const outside = await openSipPhone('trunk');
  const invited = new Map<string, number>();
  const lifted = new Set<string>();
  outside.onCall((dialog) => {
    invited.set(dialog.dialled, (invited.get(dialog.dialled) ?? 0) + 1);
    // who is hung up on goes no further
    play(dialog, random, (number) => lifted.add(number)).catch(() => undefined);
  });
  try {
    for (const one of OPERATORS) phones.push(await startPhone(one, { does: 'answer', ringMs: 150 + (one % 4) * 100 }));
    await quiet(stack.asterisk);
    await members(stack, 'QueueAdd');
    const { id, vera } = await prepare(product, db, people, callsPerSecond);
    for (const to of ['approved', 'running']) {
      const { status, body } = await vera.post(`/api/campaigns/${id}/state`, { to });
      if (status !== 200) throw new Error(`it does not start: ${JSON.stringify(body)}`);
    }
    const started = Date.now();
    const deaths = Array.from({ length: kills }, (_, i) => Math.round((people * (i + 1)) / (kills + 1)));
    const left = async () => Number(((await db('campaign_contacts').where({ campaign_id: id, state: 'ready', attempts: 0 }).count({ n: '*' })) as unknown as [{ n: number }])[0].n); // prettier-ignore
    const patience = Date.now() + 120_000 + (people / callsPerSecond) * 4_000;
    for (let told = 0, waiting = people; waiting > 0; waiting = await left()) {
      if (Date.now() > patience) throw new Error(`${waiting} people are still to be called: ${JSON.stringify((await vera.get(`/api/campaigns/${id}`)).body)}`); // prettier-ignore
      if (deaths.length > 0 && people - waiting >= deaths[0]!) {
        deaths.shift();
        await product.stop('SIGKILL');
        say(`killed the server with ${waiting} left`);
        await sleep(1_500);
        await product.start();
      }
      if (people - waiting >= told + 250) say(`${(told = people - waiting)} called after ${Math.round((Date.now() - started) / 1_000)} s`);
      await sleep(200);
    }
    await quiet(stack.asterisk);
    const seconds = Math.round((Date.now() - started) / 1_000);
    const compared = await agreed(product, since);
    let wrong = await faults(db, id, invited, lifted);
    for (const end = Date.now() + 60_000; wrong.length > 0 && Date.now() < end; wrong = await faults(db, id, invited, lifted))
      await sleep(1_000);
    if (wrong.length > 0) throw new Error(`${wrong.length} are wrong:\n${wrong.slice(0, 40).join('\n')}\n${compared}`);
    const results = (await db('attempts').where('campaign_id', id).groupBy('state', 'result').select('state', 'result').count({ n: '*' })) as unknown as { state: string; result: string | null; n: number }[]; // prettier-ignore
    const abandoned = results.filter(({ result }) => result === 'abandoned').reduce((sum, { n }) => sum + Number(n), 0);
    const [{ answered }] = (await db('attempts').where('campaign_id', id).count({ answered: 'answered_at' })) as unknown as [{ answered: number }]; // prettier-ignore
    return [
      `${people} people in ${seconds} s, ${kills} kill -9: ${results.map(({ state, result, n }) => `${n} ${result ?? state}`).join(', ')}`,
      `abandoned ${abandoned} of ${answered} answered: ${((abandoned / Number(answered)) * 100).toFixed(2)} %`,
      compared,
    ].join('\n');
  } finally {
    await members(stack, 'QueueRemove');
    for (const phone of phones) await phone.stop();
    outside.close();
    await db.destroy();
  }
};
