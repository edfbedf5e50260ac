/** What a key does, by its place on the keyboard, so that it is the same in every layout. */
export type CallKeys = Readonly<Record<'KeyM' | 'KeyH' | 'KeyT' | 'KeyK' | 'KeyS' | 'KeyJ', () => void>>;

/** Tones as they are typed, and a letter for each action; not in a field, and not with a modifier. @returns whether the key meant something. */
export function callKey(event: KeyboardEvent, actions: CallKeys, tone: (key: string) => void): boolean {
  if (event.ctrlKey || event.metaKey || event.altKey || event.composedPath()[0] instanceof HTMLInputElement) return false;
  if (/^[\d*#]$/.test(event.key)) {
    tone(event.key);
    return true;
  }
  const act = (actions as Record<string, (() => void) | undefined>)[event.code];
  if (!act) return false;
  if (!event.repeat) act();
  return true;
}
