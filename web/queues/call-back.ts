import { html } from 'lit';
import type { TemplateResult } from 'lit';
import type { CallBackRule } from '../../server/callbacks/contract.ts';
import type { Queue } from '../../server/queues/contract.ts';
import { clockOf, minutesOf } from '../core/wall.ts';
import { field } from '../ui/field.ts';
import { t } from './strings.ts';

/** A day that ends at midnight ends after it began. */
const ending = (clock: string) => minutesOf(clock) || 1440;

/** Whether every day ends after it began. */
export const isHours = ({ hours }: CallBackRule): boolean => [hours.workdays, hours.freeDays].every(({ from, to }) => to >= from);

/** How the callers of a queue are called back instead of waiting. */
export const callBackFields = ({ id, callBack }: Queue, may: boolean, set: (rule: CallBackRule) => void): TemplateResult => {
  const change = (part: Partial<CallBackRule>) => set({ ...callBack, ...part });
  const number = (name: 'attempts' | 'minutes', label: string, most: number) =>
    html`<label class="field"
      ><span>${label}</span
      ><input
        id="back-${name}-${id}"
        type="number"
        min="1"
        max=${most}
        ?disabled=${!may}
        .value=${String(callBack[name])}
        @input=${(e: Event) => change({ [name]: Math.round(Number((e.target as HTMLInputElement).value)) || 0 })}
    /></label>`;
  const span = (days: 'workdays' | 'freeDays', label: string) => {
    const { from, to } = callBack.hours[days];
    const at = (name: 'from' | 'to', words: string, value: number) =>
      html`<input
        type="time"
        aria-label="${label}: ${words}"
        ?disabled=${!may}
        .value=${clockOf(value)}
        @change=${(e: Event) => {
          const { value: clock } = e.target as HTMLInputElement;
          if (clock === '') return;
          const moved = { from, to, [name]: name === 'to' ? ending(clock) : minutesOf(clock) };
          change({ hours: { ...callBack.hours, [days]: moved } });
        }}
      />`;
    return html`<div class="field">
      <span class="label">${label}</span>
      <div class="span">${at('from', t().from, from)} – ${at('to', t().to, to)}</div>
    </div>`;
  };
  return html`<details>
    <summary>${t().callBack}: ${callBack.offered ? t().callBackKey(callBack.key) : t().callBackOff}</summary>
    <p class="muted small">${t().callBackHint}</p>
    <label class="check"
      ><input
        type="checkbox"
        ?disabled=${!may}
        .checked=${callBack.offered}
        @change=${(e: Event) => change({ offered: (e.target as HTMLInputElement).checked })}
      />${t().callBackOffer}</label
    >
    <div class="parts even">
      <label class="field"
        ><span>${t().callBackKeyField}</span
        ><select ?disabled=${!may} @change=${(e: Event) => change({ key: (e.target as HTMLSelectElement).value })}>
          ${[...'1234567890'].map((key) => html`<option ?selected=${key === callBack.key}>${key}</option>`)}
        </select></label
      >
      ${number('attempts', t().callBackAttempts, 10)} ${number('minutes', t().callBackMinutes, 1440)}
    </div>
    <div class="parts hours">
      ${span('workdays', t().callBackWorkdays)} ${span('freeDays', t().callBackFreeDays)}
      ${field({ id: `back-sound-${id}`, label: t().callBackSound, value: callBack.sound, maxLength: 100, placeholder: 'custom/call-back', onInput: (sound) => change({ sound: sound.trim() }) })}
    </div>
  </details>`;
};
