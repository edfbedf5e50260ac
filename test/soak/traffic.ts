import { setTimeout as sleep } from 'node:timers/promises';
import { AmiSession } from '../stack/ami-session.ts';
import type { Asterisk } from '../stack/index.ts';
import type { CallIn, Caller, Phone } from '../support/sipp.ts';
import { openSipPhone } from '../support/sip-phone.ts';
import type { Dialog } from '../support/sip-phone.ts';
import { callIn, startPhone } from '../support/sipp.ts';

/** Calls of every kind through a real Asterisk, by sipp: people who answer, let ring, refuse, hand over, and callers who wait or give up. */

/** 201 to 204 serve "support", 205 and 206 "sales", where all ring at once, 207 "keys". */
const MEMBERS = { support: [201, 202, 203, 204], sales: [205, 206], keys: [207] } as const;

/** Of "support". */
const HANDS_OVER = 204;

export interface Floor {
  /** One call of a random kind; resolves when it is over. */
  call(): Promise<void>;
  /** So many, so many at a time. @param each is told how many have begun */
  calls(count: number, atOnce: number, each?: (begun: number) => void): Promise<void>;
  /** Calls by their kinds. */
  readonly made: ReadonlyMap<string, number>;
  /** Calls whose caller did not hear the end that was to be: Asterisk was gone. */
  readonly broken: () => number;
  /** Ends all callers at once, without a goodbye: Asterisk is gone. */
  drop(): void;
  close(): Promise<void>;
}

/** mulberry32: the same seed, the same calls. */
export const randomOf = (seed: number) => () => {
  seed = (seed + 0x6d2b79f5) | 0;
  let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
  return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
};

/** An operator who hands over, now to a colleague, now into another queue, or holds for a moment; whoever calls may hang up in the midst of it. */
const handOver = async (dialog: Dialog, random: () => number): Promise<void> => {
  let isOver = false;
  void dialog.over.then(() => (isOver = true));
  const wait = async (ms: number) => {
    await sleep(ms);
    return !isOver;
  };
  if (!(await wait(300))) return;
  await dialog.answer();
  if (!(await wait(300 + random() * 600))) return;
  const choice = random();
  if (choice < 0.7) {
    await dialog.refer(choice < 0.4 ? '207' : '7001');
    dialog.bye();
  } else {
    await dialog.hold();
    if (await wait(500)) await dialog.resume();
  }
};

/** Asterisk keeps them through restarts: whoever comes after must not find them. */
export const addMembers = (asterisk: Asterisk): Promise<void> => members(asterisk, 'QueueAdd');

const members = async (asterisk: Asterisk, action: 'QueueAdd' | 'QueueRemove'): Promise<void> => {
  const ami = await AmiSession.open(asterisk.amiPort, asterisk.amiUnfilteredUser, asterisk.amiSecret, { events: false });
  try {
    for (const [queue, phones] of Object.entries(MEMBERS))
      for (const member of phones) {
        const phone = `PJSIP/${member}`;
        await ami
          .action({
            Action: action,
            Queue: queue,
            Interface: phone,
            ...(action === 'QueueAdd' && { StateInterface: phone, MemberName: `Agent ${member}` }),
          })
          .catch((err: Error) => {
            if (!/already there|not there/i.test(err.message)) throw err;
          });
      }
  } finally {
    ami.close();
  }
};

/** `queuesAlone`: nobody is called directly, and nobody calls out. */
export const openFloor = async (asterisk: Asterisk, seed: number, { queuesAlone = false } = {}): Promise<Floor> => {
  const random = randomOf(seed);
  const between = (from: number, to: number) => Math.round(from + random() * (to - from));
  await addMembers(asterisk);
  const phones: Phone[] = [];
  const anna = await openSipPhone(HANDS_OVER);
  // what it waits for may never come: the caller is gone, or Asterisk is
  anna.onCall((dialog) => void handOver(dialog, random).catch(() => undefined));
  for (const member of MEMBERS.support.filter((one) => one !== HANDS_OVER))
    phones.push(
      await startPhone(member, { does: 'answer', ringMs: 300 + (member % 4) * 150, ...(member % 2 ? { hangUpAfterMs: 1_800 } : {}) }),
    );
  for (const member of MEMBERS.sales) phones.push(await startPhone(member, { does: 'answer', ringMs: member === 205 ? 500 : 900 }));
  phones.push(await startPhone(207, { does: 'answer', ringMs: 200 }));
  phones.push(await startPhone(208, { does: 'ring' }));
  phones.push(await startPhone(209, { does: 'refuse', code: 486, ringMs: 150 }));
  phones.push(await startPhone('trunk', { does: 'answer', ringMs: 300 }));

  let number = 0;
  const client = () => `7900${String((number += 1)).padStart(7, '0')}`;
  const all: [weight: number, name: string, call: () => CallIn][] = [
    [30, 'queue', () => ({ to: '7000', from: client(), name: 'Иван Петров', hangupAfterMs: between(1_500, 5_000) })],
    [10, 'queue, gives up', () => ({ to: '7000', from: client(), hangupAfterMs: between(100, 1_200) })],
    [10, 'queue where all ring', () => ({ to: '7001', from: client(), hangupAfterMs: between(800, 4_000) })],
    [5, 'queue of one', () => ({ to: '7003', from: client(), hangupAfterMs: between(800, 4_000) })],
    [5, 'queue that gives up', () => ({ to: '7002', from: client(), hangupAfterMs: 9_000 })],
    [20, 'direct', () => ({ to: '207', from: client(), hangupAfterMs: between(200, 3_000) })],
    [8, 'direct, not answered', () => ({ to: '208', from: client(), cancelAfterMs: between(400, 2_000) })],
    [7, 'direct, busy', () => ({ to: '209', from: client() })],
    [7, 'outside', () => ({ to: client(), from: '210', as: 'phone', hangupAfterMs: between(300, 2_000) })],
    [3, 'outside, given up', () => ({ to: client(), from: '210', as: 'phone', cancelAfterMs: 150, hangupAfterMs: 300 })],
  ];
  const kinds = queuesAlone ? all.filter(([, name]) => name.startsWith('queue')) : all;
  const total = kinds.reduce((sum, [weight]) => sum + weight, 0);
  const made = new Map<string, number>();
  const running = new Set<Caller>();
  let broken = 0;

  const call = async () => {
    let at = random() * total;
    const [, name, make] = kinds.find(([weight]) => (at -= weight) < 0) ?? kinds[0]!;
    made.set(name, (made.get(name) ?? 0) + 1);
    const caller = callIn(make());
    running.add(caller);
    // an Asterisk that was killed says no goodbye
    const late = setTimeout(() => caller.kill(), 40_000);
    await caller.done.catch(() => (broken += 1));
    clearTimeout(late);
    running.delete(caller);
  };
  const drop = () => running.forEach((caller) => caller.kill());
  return {
    call,
    made,
    broken: () => broken,
    async calls(count, atOnce, each) {
      let begun = 0;
      const line = async () => {
        while (begun < count) {
          begun += 1;
          each?.(begun);
          await call();
        }
      };
      const lines = Array.from({ length: Math.min(atOnce, count) }, async (_, i) => {
        await sleep(i * 60);
        await line();
      });
      await Promise.all(lines);
    },
    drop,
    async close() {
      drop();
      for (const phone of phones) await phone.stop();
      anna.close();
      await members(asterisk, 'QueueRemove');
    },
  };
};

/** Waits until Asterisk has no call any more. @throws after the time */
export const quiet = async (asterisk: Asterisk, ms = 45_000): Promise<void> => {
  for (const end = Date.now() + ms; ; await sleep(250)) {
    const said = asterisk.rasterisk('core show channels count');
    if (/^0 active channels/m.test(said)) return;
    if (Date.now() > end) throw new Error(`Asterisk is not quiet:\n${said}`);
  }
};
