/** Not every browser lets a page choose where it sounds; there the system's device it is. */
interface Sinkable {
  setSinkId?(id: string): Promise<void>;
  readonly sinkId?: string | object;
}

/** @throws DOMException when the device has just gone: the next list of devices tells. */
export async function soundOn(output: HTMLAudioElement | AudioContext, id: string): Promise<void> {
  const sinkable = output as Sinkable;
  if (sinkable.setSinkId && sinkable.sinkId !== id) await sinkable.setSinkId(id);
}
