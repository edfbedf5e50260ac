import { html, nothing } from 'lit';
import { live } from 'lit/directives/live.js';
import { cleanNumber } from '../number.ts';
import type { PhoneCall, PhoneErrorCode, PhoneState } from '../phone.ts';
import { duration } from './clock.ts';
import { icons, stateIcon } from './icons.ts';
import type { Lang, Strings } from './strings.ts';

/** What the caller calls themselves, or else their number. */
export const caller = (call: PhoneCall, t: Strings): string => call.name || spaced(call.number) || t.unknown;

/** Russian numbers in the groups they are read in; others as they came. */
export const spaced = (number: string): string => number.replace(/^(\+7|7|8)(\d{3})(\d{3})(\d{2})(\d{2})$/, '$1 $2 $3-$4-$5');

const numberBelow = (call: PhoneCall) =>
  call.name && call.number ? html`<p class="number" part="number" dir="ltr">${spaced(call.number)}</p>` : nothing;

const timeOfDay = (at: number, lang: Lang) =>
  new Intl.DateTimeFormat(lang, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }).format(at);

export function statusView(
  state: PhoneState,
  extension: string | null,
  lang: Lang,
  t: Strings,
  settings: { open: boolean; toggle(): void },
) {
  const { registration, since } = state;
  const wrong = registration === 'lost' || registration === 'refused';
  return html`
    <div class="status" part="status">
      ${stateIcon(registration)}
      <span role="status">${t.registration[registration]}</span>
      ${extension === null ? nothing : html`<span class="extension number">${t.extension(extension)}</span>`}
      <button
        class="gear"
        part="settings-button"
        aria-label=${t.settings}
        title="${t.settings} (D)"
        aria-keyshortcuts="D"
        aria-expanded=${settings.open ? 'true' : 'false'}
        @click=${settings.toggle}
      >
        ${icons.settings()}
      </button>
    </div>
    ${state.here ? nothing : html`<p class="muted" part="elsewhere">${t.elsewhere}</p>`}
    ${
      wrong
        ? html`<p class="notice ${registration}">
            <strong class="number">${t.since(timeOfDay(since, lang))}</strong> ${registration === 'lost' ? t.lostHint : t.refusedHint}
          </p>`
        : nothing
    }
  `;
}

const problemNotice = (call: PhoneCall, t: Strings) =>
  call.problem ? html`<p class="notice problem" role="alert">${t.problem[call.problem]}</p>` : nothing;

export function ringingView(call: PhoneCall, now: number, t: Strings, on: { answer(): void; hangup(): void }) {
  return html`
    <section class="call ringing" part="call" aria-label=${t.incoming}>
      <div class="what" aria-hidden="true"><span>${t.incoming}</span><span class="number">${duration(now - call.startedAt)}</span></div>
      <div role="alert">
        <span class="hidden">${t.incoming}:</span>
        <p class="who" part="caller" dir="auto">${caller(call, t)}</p>
        ${numberBelow(call)}
      </div>
      ${problemNotice(call, t)}
      <div class="buttons">
        <button class="go" part="answer" @click=${on.answer}>${icons.handset()}${call.problem ? t.answerAgain : t.answer}</button>
        <button class="quiet" part="reject" @click=${on.hangup}>${icons.hangup()}${t.reject}</button>
      </div>
    </section>
  `;
}

export type Pane = 'keys' | 'transfer';

interface Talking {
  recording: 'recording' | 'paused' | '';
  /** There is another call, whose far end could be connected with this one's. */
  two: boolean;
  pane: Pane | null;
  hangup(): void;
  toggleMute(): void;
  toggleHold(): void;
  join(): void;
  merge(): void;
  show(pane: Pane): void;
}

export function callView(call: PhoneCall, now: number, t: Strings, on: Talking, below: unknown) {
  const talking = call.state === 'talking';
  const title = talking ? t.talkingWith(caller(call, t)) : `${t.calling} ${caller(call, t)}`;
  return html`
    <section class="call ${call.state} ${call.held ? 'held' : ''}" part="call" aria-label=${title} tabindex="-1" data-focus>
      <div class="what">
        <span>${call.conference ? t.merge : call.held ? t.held : talking ? t.talking : t.calling}</span>
        ${talking && on.recording ? html`<span class="recording ${on.recording}" part="recording" role="status">${t.recording[on.recording]}</span>` : nothing}
        ${
          talking
            ? html`<span class="time" part="time" role="timer" aria-live="off">${duration(now - (call.answeredAt ?? now))}</span>`
            : nothing
        }
      </div>
      <div>
        <p class="who" part="caller" dir="auto">${caller(call, t)}</p>
        ${numberBelow(call)}
      </div>
      ${call.muted && !call.speakingMuted ? html`<p class="hint">${t.mutedHint}</p>` : nothing}
      ${call.speakingMuted ? html`<p class="notice problem" role="alert"><strong>${t.speakingMuted}</strong></p>` : nothing}
      ${call.mending ? html`<p class="notice" role="status">${t.mending}</p>` : nothing} ${problemNotice(call, t)}
      ${talking ? talkingButtons(call, t, on) : nothing} ${below}
      <div class="buttons">
        <button class="stop wide" part="hangup" @click=${on.hangup}>
          ${icons.hangup()}${call.conference ? `${t.drop}: ${caller(call, t)}` : talking ? t.hangup : t.cancel}
        </button>
      </div>
    </section>
  `;
}

const talkingButtons = (call: PhoneCall, t: Strings, on: Talking) => html`
  <div class="buttons small">
    <button class="mute" part="mute" aria-pressed=${call.muted ? 'true' : 'false'} aria-keyshortcuts="M" @click=${on.toggleMute}>
      ${call.muted ? icons.microphoneOff() : icons.microphone()}${t.mute}
    </button>
    <button part="hold" aria-keyshortcuts="H" @click=${on.toggleHold}>
      ${call.held ? icons.resume() : icons.pause()}${call.held ? t.unhold : t.hold}
    </button>
    ${
      on.two
        ? html`<button part="join" aria-keyshortcuts="J" @click=${on.join}>
              ${icons.transfer()}${call.conference ? t.leave : t.joinBoth}
            </button>
            ${
              call.conference
                ? nothing
                : html`<button part="merge" aria-keyshortcuts="C" @click=${on.merge}>${icons.conference()}${t.merge}</button>`
            }`
        : html`<button
            part="transfer"
            aria-keyshortcuts="T"
            aria-expanded=${on.pane === 'transfer' ? 'true' : 'false'}
            @click=${() => on.show('transfer')}
          >
            ${icons.transfer()}${t.transfer}
          </button>`
    }
    <button part="keys" aria-keyshortcuts="K" aria-expanded=${on.pane === 'keys' ? 'true' : 'false'} @click=${() => on.show('keys')}>
      ${icons.keys()}${t.keypad}
    </button>
  </div>
`;

const KEYS = ['1', '2', '3', '4', '5', '6', '7', '8', '9', '*', '0', '#'];

export const keysView = (sent: string, t: Strings, press: (key: string) => void) => html`
  <div class="keys" part="keypad" role="group" aria-label=${t.keypad}>
    <p class="number muted" role="status" dir="ltr">${sent ? `${t.tones}: ${sent}` : nothing}</p>
    ${KEYS.map((key) => html`<button aria-label=${t.tone(key)} @click=${() => press(key)}>${key}</button>`)}
  </div>
`;

/** The call that is not in front: held, or ringing while another is talked. */
export function otherCallView(call: PhoneCall, now: number, t: Strings, on: { answer(): void; hangup(): void; take(): void }) {
  const who = caller(call, t);
  const rings = call.state === 'ringing';
  return html`
    <section class="other ${call.state}" part="other-call" aria-label=${t.secondCall(who)}>
      <div role=${rings ? 'alert' : 'none'}>
        <p class="name" dir="auto">${who}</p>
        <p class="muted">${rings ? t.incoming : call.conference ? t.merge : t.held}</p>
      </div>
      ${rings ? nothing : html`<span class="number muted" aria-hidden="true">${duration(now - (call.answeredAt ?? call.startedAt))}</span>`}
      ${
        rings
          ? html`<button class="go round" part="answer" aria-label=${t.answer} title=${t.answer} @click=${on.answer}>
              ${icons.handset()}
            </button>`
          : call.conference
            ? nothing
            : html`<button class="round" part="swap" aria-keyshortcuts="S" aria-label=${t.swap} title=${t.swap} @click=${on.take}>
                ${icons.swap()}
              </button>`
      }
      <button
        class="quiet round"
        part=${rings ? 'reject' : 'other-hangup'}
        aria-label=${rings ? t.reject : `${call.conference ? t.drop : t.hangup}: ${who}`}
        title=${rings ? t.reject : call.conference ? t.drop : t.hangup}
        @click=${on.hangup}
      >
        ${icons.hangup()}
      </button>
    </section>
  `;
}

/** A colleague who was to be asked first, and could not be. */
export function askedView(calls: readonly PhoneCall[], t: Strings) {
  const asked = calls.find((call) => call.state === 'ended' && call.problem && call.direction === 'out');
  return asked ? html`<p class="notice problem" role="alert">${caller(asked, t)}: ${t.problem[asked.problem!]}</p>` : nothing;
}

/** What a screen reader hears of a call beside its ring. */
export function spokenOf(call: PhoneCall | undefined, t: Strings): string {
  if (!call || call.state === 'ringing') return '';
  if (call.state === 'ended') return call.problem ? t.problem[call.problem] : t.ended[call.endReason ?? 'remote'];
  if (call.state === 'calling') return `${t.calling} ${caller(call, t)}`;
  return call.conference ? t.merge : call.held ? t.held : call.muted ? t.muted : t.talkingWith(caller(call, t));
}

/** What is pasted loses its decoration at once, so that one sees what will be dialled. @returns all that is in the field now */
export function pasted(event: ClipboardEvent): string {
  event.preventDefault();
  const input = event.target as HTMLInputElement;
  const text = cleanNumber(event.clipboardData?.getData('text') ?? '').slice(0, 64);
  input.setRangeText(text, input.selectionStart ?? 0, input.selectionEnd ?? 0, 'end');
  return input.value;
}

interface Dialling {
  typed: string;
  error: PhoneErrorCode | null;
  disabled: boolean;
  input(event: InputEvent): void;
  paste(event: ClipboardEvent): void;
  submit(event: SubmitEvent): void;
}

export function dialView(d: Dialling, t: Strings) {
  const words: Record<PhoneErrorCode, string> = { 'bad-number': t.badNumber, 'not-registered': t.notRegistered, 'line-busy': t.lineBusy };
  return html`
    <form part="dial" @submit=${d.submit} novalidate>
      <label for="number">${t.dialLabel}</label>
      <input
        id="number"
        type="tel"
        autocomplete="off"
        placeholder=${t.dialPlaceholder}
        maxlength="64"
        data-focus
        aria-invalid=${d.error ? 'true' : 'false'}
        aria-describedby="dial-error"
        .value=${live(d.typed)}
        @input=${d.input}
        @paste=${d.paste}
      />
      <button class="go round" part="dial-button" aria-label=${t.dial} title=${t.dial} aria-disabled=${d.disabled ? 'true' : 'false'}>
        ${icons.handset()}
      </button>
      <p class="error" id="dial-error" role="alert" ?hidden=${!d.error}>${d.error ? words[d.error] : nothing}</p>
    </form>
  `;
}

/** How the last call ended; one that we made and that failed can be tried again. */
export function lastCallView(call: PhoneCall, disabled: boolean, t: Strings, again: () => void) {
  const talked = call.answeredAt !== null && call.endedAt !== null ? ` · ${duration(call.endedAt - call.answeredAt)}` : '';
  const how = call.problem ? t.problem[call.problem] : t.ended[call.endReason ?? 'remote'];
  return html`
    <div class="last" part="last-call">
      <div>
        <p class="name" dir="auto">${caller(call, t)}</p>
        <p class="muted number">${how}${talked}</p>
      </div>
      ${
        call.direction === 'out' && call.problem
          ? html`<button
              class="round"
              part="dial-again"
              aria-label=${t.dialAgain}
              title=${t.dialAgain}
              aria-disabled=${disabled ? 'true' : 'false'}
              @click=${again}
            >
              ${icons.handset()}
            </button>`
          : nothing
      }
    </div>
  `;
}
