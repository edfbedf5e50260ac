import { html, svg } from 'lit';
import type { SVGTemplateResult } from 'lit';
import type { Registration } from '../phone.ts';

const handset =
  'M6 3.5 9.2 3.2 10.6 7.6 8.4 9.6C9.6 12 11.9 14.4 14.4 15.6L16.4 13.4 20.8 14.8 20.5 18C20.3 19.8 18.9 20.8 17.2 20.6 9.8 19.8 4.2 14.2 3.4 6.8 3.2 5.1 4.2 3.7 6 3.5Z';

const onHook =
  'M2.2 14.6C2.2 11.2 6.6 8.6 12 8.6s9.8 2.6 9.8 6v1.5c0 1-.9 1.6-1.8 1.4l-3.4-.8c-.7-.2-1.2-.8-1.2-1.5v-1.9c-2.2-.6-4.6-.6-6.8 0v1.9c0 .7-.5 1.3-1.2 1.5l-3.4.8c-.9.2-1.8-.4-1.8-1.4Z';

/** Decoration beside words: hidden from screen readers. */
const icon = (content: SVGTemplateResult, name: string) =>
  html`<svg class="icon ${name}" viewBox="0 0 24 24" aria-hidden="true">${content}</svg>`;

const microphone = svg`<rect x="9" y="2.5" width="6" height="11.5" rx="3" fill="currentColor" />
  <path d="M5.5 11.5a6.5 6.5 0 0 0 13 0M12 18v3.5M8.5 21.5h7" class="stroke" />`;

const gear = Array.from({ length: 8 }, (_, i) => svg`<path d="M12 2.5v4" class="stroke thick" transform="rotate(${i * 45} 12 12)" />`);

export const icons = {
  settings: () => icon(svg`<circle cx="12" cy="12" r="5" class="stroke thick" />${gear}`, 'settings'),
  conference: () =>
    icon(
      svg`<circle cx="12" cy="6" r="3.2" fill="currentColor" /><circle cx="5" cy="16" r="3.2" fill="currentColor" /><circle cx="19" cy="16" r="3.2" fill="currentColor" /><path d="M12 6 5 16h14Z" class="stroke" />`,
      'conference',
    ),
  handset: () => icon(svg`<path d=${handset} fill="currentColor" />`, 'handset'),
  hangup: () => icon(svg`<path d=${onHook} fill="currentColor" />`, 'hangup'),
  microphone: () => icon(microphone, 'microphone'),
  pause: () => icon(svg`<path d="M8 5v14M16 5v14" class="stroke thick" />`, 'pause'),
  resume: () => icon(svg`<path d="M8 5v14l11-7Z" fill="currentColor" />`, 'resume'),
  transfer: () => icon(svg`<path d="M3 8h13m-4-4.5L16.5 8 12 12.5M21 16.5H8" class="stroke" />`, 'transfer'),
  swap: () => icon(svg`<path d="M7 4v15m-4-4 4 4.5 4-4.5M17 20V5m-4 4 4-4.5L21 9" class="stroke" />`, 'swap'),
  keys: () =>
    icon(svg`${[5, 12, 19].flatMap((y) => [5, 12, 19].map((x) => svg`<circle cx=${x} cy=${y} r="2" fill="currentColor" />`))}`, 'keys'),
  microphoneOff: () => icon(svg`${microphone}<path d="M4 3 20 21" class="stroke slash" />`, 'microphone-off'),
};

/** A shape of its own for each state, since colour alone does not tell. */
const shapes: Record<Registration, SVGTemplateResult> = {
  off: svg`<circle cx="8" cy="8" r="6" class="stroke" /><path d="M5 8h6" class="stroke" />`,
  connecting: svg`<circle cx="8" cy="8" r="6" class="stroke" stroke-dasharray="26 12" />`,
  registered: svg`<circle cx="8" cy="8" r="7" fill="currentColor" /><path d="m4.8 8.2 2.3 2.3 4.2-4.6" class="stroke inverse" />`,
  refused: svg`<rect x="1.5" y="1.5" width="13" height="13" rx="2" fill="currentColor" /><path d="m5 5 6 6m0-6-6 6" class="stroke inverse" />`,
  lost: svg`<path d="M8 1 15.5 14.5H.5Z" fill="currentColor" /><path d="M8 5.8v4M8 12v.6" class="stroke inverse" />`,
};

export const stateIcon = (registration: Registration) =>
  html`<svg class="state-icon ${registration}" viewBox="0 0 16 16" aria-hidden="true">${shapes[registration]}</svg>`;

/** Three bars, of which as many are filled as the call is good. */
export const qualityIcon = (grade: 'good' | 'fair' | 'poor') => {
  const filled = { good: 3, fair: 2, poor: 1 }[grade];
  const bars = [0, 1, 2].map(
    (i) => svg`<rect x=${1 + i * 5.2} y=${10 - i * 4} width="3.6" height=${5 + i * 4} rx="1" class=${i < filled ? 'full' : 'empty'} />`,
  );
  return html`<svg class="bars" viewBox="0 0 16 16" aria-hidden="true">${bars}</svg>`;
};

/** Whether a colleague is free: filled, half, or empty. */
export const freeIcon = (state: 'free' | 'busy' | 'ringing' | 'away' | 'offline') =>
  html`<svg class="free-icon ${state}" viewBox="0 0 16 16" aria-hidden="true">
    <circle cx="8" cy="8" r="6" class=${state === 'free' ? 'full' : 'stroke'} />
    ${state === 'busy' || state === 'ringing' ? svg`<path d="M8 2a6 6 0 0 1 0 12Z" fill="currentColor" />` : ''}
    ${state === 'offline' ? svg`<path d="m4 4 8 8" class="stroke" />` : ''}
  </svg>`;
