import { chordOfAction } from './chords.ts';
import type { KeyAction } from './chords.ts';
import { createStore } from './store.ts';

const KEY = 'allo.single-keys';

const stored = (): boolean => {
  try {
    return localStorage.getItem(KEY) !== 'off';
  } catch {
    return true;
  }
};

/** Shortcuts of one character without a modifier can be switched off (WCAG 2.1.4). */
export const singleKeys = createStore(stored());

export const setSingleKeys = (on: boolean): void => {
  singleKeys.set(on);
  try {
    localStorage.setItem(KEY, on ? 'on' : 'off');
  } catch {
    // without storage the choice lasts as long as the page
  }
};

const typing = (e: KeyboardEvent): boolean => {
  const at = e.composedPath()[0];
  if (!(at instanceof HTMLElement)) return false;
  const notText = at instanceof HTMLInputElement && ['radio', 'checkbox', 'button', 'submit'].includes(at.type);
  return !notText && (at.isContentEditable || ['INPUT', 'TEXTAREA', 'SELECT'].includes(at.tagName));
};

const inDialog = (e: KeyboardEvent): boolean => e.composedPath().some((n) => n instanceof HTMLDialogElement);

/** By the place of the key, so that they are the same on a Russian layout. "Alt+KeyA", "Ctrl+KeyK", "Digit1", "?" (the sign itself). */
export type Chord = string;

export const chordOf = (e: Pick<KeyboardEvent, 'code' | 'key' | 'ctrlKey' | 'metaKey' | 'altKey'>): Chord => {
  const mods = `${e.ctrlKey || e.metaKey ? 'Ctrl+' : ''}${e.altKey ? 'Alt+' : ''}`;
  return !mods && e.key === '?' ? '?' : mods + e.code.replace(/^Numpad(\d)$/, 'Digit$1');
};

/** Calls `run`, which says whether it did something, unless a text field has the focus and the chord has no modifier. @returns remove */
export const onKey = (run: (chord: Chord) => boolean): (() => void) => {
  const listener = (e: KeyboardEvent) => {
    if (e.defaultPrevented || e.repeat || inDialog(e)) return;
    const chord = chordOf(e);
    if (!chord.includes('+') && (typing(e) || !singleKeys.get())) return;
    if (run(chord)) e.preventDefault();
  };
  document.addEventListener('keydown', listener);
  return () => document.removeEventListener('keydown', listener);
};

/** The same, by the names in the table of keys. */
export const onAction = (runs: Partial<Record<KeyAction, () => boolean>>): (() => void) => {
  const byChord = new Map(Object.entries(runs).map(([action, run]) => [chordOfAction(action as KeyAction), run]));
  return onKey((chord) => byChord.get(chord)?.() ?? false);
};
