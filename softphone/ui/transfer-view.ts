import { html, nothing } from 'lit';
import { live } from 'lit/directives/live.js';
import { repeat } from 'lit/directives/repeat.js';
import type { PhoneErrorCode } from '../phone.ts';
import { freeIcon } from './icons.ts';
import type { Strings } from './strings.ts';

/** Somebody a call can be transferred to, as the host page knows them. */
export interface DirectoryEntry {
  readonly name: string;
  readonly extension: string;
  readonly state: 'free' | 'busy' | 'ringing' | 'away' | 'offline';
}

const SHOWN = 20;
const ORDER: Record<DirectoryEntry['state'], number> = { free: 0, ringing: 1, busy: 2, away: 3, offline: 4 };

/** Those who are free first; by name or extension, wherever the text stands in it. */
export function found(directory: readonly DirectoryEntry[], typed: string): DirectoryEntry[] {
  const text = typed.trim().toLocaleLowerCase();
  return directory
    .filter((entry) => entry.name.toLocaleLowerCase().includes(text) || entry.extension.includes(text))
    .sort((a, b) => ORDER[a.state] - ORDER[b.state] || a.name.localeCompare(b.name))
    .slice(0, SHOWN);
}

interface Transferring {
  typed: string;
  directory: readonly DirectoryEntry[];
  error: PhoneErrorCode | null;
  input(text: string): void;
  blind(): void;
  ask(): void;
}

export function transferView(d: Transferring, t: Strings) {
  const exact = d.directory.find((entry) => entry.extension === d.typed.trim());
  const list = exact ? [] : found(d.directory, d.typed);
  return html`
    <form
      class="transfer"
      part="transfer-form"
      novalidate
      @submit=${(event: SubmitEvent) => {
        event.preventDefault();
        d.blind();
      }}
    >
      <label for="target">${t.transferTo}</label>
      <input
        id="target"
        class="wide"
        autocomplete="off"
        maxlength="64"
        aria-invalid=${d.error ? 'true' : 'false'}
        aria-describedby="target-error"
        .value=${live(d.typed)}
        @input=${(event: InputEvent) => d.input((event.target as HTMLInputElement).value)}
      />
      <p class="error" id="target-error" role="alert" ?hidden=${!d.error}>
        ${d.error === 'bad-number' ? t.badNumber : d.error ? t.lineBusy : nothing}
      </p>
      ${exact ? html`<p class="wide muted">${freeIcon(exact.state)} ${exact.name} · ${t.states[exact.state]}</p>` : nothing}
      ${
        list.length > 0
          ? html`<ul class="wide" aria-label=${t.directory} tabindex="0">
              ${repeat(
                list,
                (entry) => entry.extension,
                (entry) =>
                  html`<li>
                    <button type="button" @click=${() => d.input(entry.extension)}>
                      ${freeIcon(entry.state)}<span class="name" dir="auto">${entry.name}</span>
                      <span class="muted">${t.states[entry.state]}</span><span class="number">${entry.extension}</span>
                    </button>
                  </li>`,
              )}
            </ul>`
          : nothing
      }
      <div class="two wide">
        <button part="transfer-now">${t.transferNow}</button>
        <button type="button" part="ask-first" @click=${() => d.ask()}>${t.askFirst}</button>
      </div>
    </form>
  `;
}
