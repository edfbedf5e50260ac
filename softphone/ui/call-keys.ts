/** What a key does, by its place on the keyboard, so that it is the same in every layout. */
export type CallKeys = Readonly<Record<'KeyM' | 'KeyH' | 'KeyT' | 'KeyK' | 'KeyS' | 'KeyJ' | 'KeyC', () => void>>;

/** Neither in a field nor with a modifier. */
export function isPlain(event: KeyboardEvent): boolean {
  const [target] = event.composedPath();
  const typing = target instanceof HTMLSelectElement || (target instanceof HTMLInputElement && target.type !== 'checkbox');
  return !typing && !event.ctrlKey && !event.metaKey && !event.altKey;
}

/** Tones as they are typed, and a letter for each action; not in a field, and not with a modifier. @returns whether the key meant something. */
export function callKey(event: KeyboardEvent, actions: CallKeys, tone: (key: string) => void): boolean {
  if (!isPlain(event)) return false;
  if (/^[\d*#]$/.test(event.key)) {
    tone(event.key);
    return true;
  }
  const act = (actions as Record<string, (() => void) | undefined>)[event.code];
  if (!act) return false;
  if (!event.repeat) act();
  return true;
}
