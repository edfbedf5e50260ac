/** Not every browser lets a page choose where it sounds; there the system's device it is. */
interface Sinkable {
  setSinkId?(id: string): Promise<void>;
  readonly sinkId?: string | object;
}

/** A device is listed some moments before it takes sound. */
const TRIES = 5;
const AGAIN_MS = 500;

/** Where each output is to sound in the end, and the change that is under way. */
const wishes = new WeakMap<Sinkable, { id: string; under: Promise<void> | null }>();

/**
 * One change at a time, and the last wish wins: two changes at once may end in either order, and until the first has ended `sinkId` still names
 * the device before it.
 * @throws DOMException when the device does not take sound: it has gone, and the next list of devices tells.
 */
export async function soundOn(output: HTMLAudioElement | AudioContext, id: string): Promise<void> {
  const sinkable = output as Sinkable;
  if (!sinkable.setSinkId) return;
  const wish = wishes.get(sinkable) ?? { id, under: null };
  wishes.set(sinkable, wish);
  wish.id = id;
  wish.under ??= settle(sinkable, wish).finally(() => (wish.under = null));
  await wish.under;
}

async function settle(output: Sinkable, wish: { id: string }): Promise<void> {
  for (let tries = 1; output.sinkId !== wish.id && tries <= TRIES; tries++) {
    const { id } = wish;
    try {
      await output.setSinkId!(id);
    } catch (error) {
      if (wish.id !== id) tries = 0;
      else if (tries === TRIES) throw error;
      else await new Promise((resolve) => setTimeout(resolve, AGAIN_MS));
    }
  }
}
