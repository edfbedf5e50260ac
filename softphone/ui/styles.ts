import { css } from 'lit';
import { second } from './styles-call.ts';

/** The host page's tokens, each with a fallback that stands alone in light and dark. */
const tokens = css`
  :host {
    --_surface: var(--surface, #ffffff);
    --_surface-2: var(--surface-2, #f2f5f8);
    --_text: var(--text, #1a2230);
    --_text-muted: var(--text-muted, #535e70);
    --_border: var(--border, #d3d9e2);
    --_danger: var(--danger, #b3261e);
    --_success: var(--success, #17713d);
    --_warning: var(--warning, #8a5600);
    --_focus: var(--focus-ring, #1d5bb8);
    --_1: var(--space-1, 4px);
    --_2: var(--space-2, 8px);
    --_3: var(--space-3, 12px);
    --_4: var(--space-4, 16px);
    --_radius: var(--radius, 10px);
    --_target: var(--hit-target, 44px);
  }
  @media (prefers-color-scheme: dark) {
    :host {
      --_surface: var(--surface, #151a21);
      --_surface-2: var(--surface-2, #1e2530);
      --_text: var(--text, #e8ecf2);
      --_text-muted: var(--text-muted, #a5afbf);
      --_border: var(--border, #374152);
      --_danger: var(--danger, #ff9287);
      --_success: var(--success, #62d08d);
      --_warning: var(--warning, #f0b94d);
      --_focus: var(--focus-ring, #82b3ff);
    }
  }
`;

const frame = css`
  :host {
    display: block;
    min-width: 260px;
    max-width: 380px;
    color: var(--_text);
    font: 400 15px/1.4 var(--font, system-ui, 'Segoe UI', Roboto, sans-serif);
  }
  :host([hidden]),
  [hidden] {
    display: none;
  }
  * {
    box-sizing: border-box;
  }
  .panel {
    display: flex;
    flex-direction: column;
    gap: var(--_4);
    padding: var(--_4);
    background: var(--_surface);
    border: 1px solid var(--_border);
    border-radius: var(--_radius);
  }
  p {
    margin: 0;
  }
  .muted {
    color: var(--_text-muted);
    font-size: 13px;
  }
  .number,
  .time {
    font-variant-numeric: tabular-nums;
  }
  .hidden {
    position: absolute;
    width: 1px;
    height: 1px;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }
  .icon {
    flex: none;
    width: 20px;
    height: 20px;
  }
  .stroke {
    fill: none;
    stroke: currentColor;
    stroke-width: 1.8;
    stroke-linecap: round;
    stroke-linejoin: round;
  }
  :focus-visible {
    outline: 3px solid var(--_focus);
    outline-offset: 2px;
  }
`;

const status = css`
  .status {
    display: flex;
    align-items: center;
    gap: var(--_2);
    min-height: 24px;
    font-weight: 600;
  }
  .status .extension {
    color: var(--_text-muted);
    font-size: 13px;
    font-weight: 400;
    white-space: nowrap;
  }
  .status .extension {
    margin-inline-start: auto;
  }
  .state-icon {
    flex: none;
    width: 16px;
    height: 16px;
  }
  .state-icon .inverse {
    stroke: var(--_surface);
  }
  .state-icon.registered {
    color: var(--_success);
  }
  .state-icon.connecting,
  .state-icon.off {
    color: var(--_text-muted);
  }
  .state-icon.lost {
    color: var(--_warning);
  }
  .state-icon.refused {
    color: var(--_danger);
  }
  .notice {
    padding: var(--_2) var(--_3);
    background: var(--_surface-2);
    border-inline-start: 3px solid var(--_warning);
    border-radius: 4px;
    font-size: 14px;
  }
  .notice.refused,
  .notice.problem {
    border-color: var(--_danger);
  }
  .notice button {
    margin-top: var(--_2);
  }
  @media (prefers-reduced-motion: no-preference) {
    .state-icon.connecting {
      animation: turn 1.4s linear infinite;
    }
    @keyframes turn {
      to {
        transform: rotate(1turn);
      }
    }
  }
`;

const controls = css`
  button {
    display: inline-flex;
    align-items: center;
    justify-content: center;
    gap: var(--_2);
    min-height: var(--_target);
    padding: var(--_1) var(--_3);
    border: 1px solid var(--_border);
    border-radius: var(--_radius);
    background: var(--_surface);
    color: var(--_text);
    font: inherit;
    font-weight: 600;
    line-height: 1.2;
    cursor: pointer;
  }
  button:hover:not([aria-disabled='true']) {
    border-color: currentColor;
  }
  button[aria-disabled='true'] {
    opacity: 0.5;
    cursor: not-allowed;
  }
  .go,
  .stop {
    border-color: transparent;
    color: var(--_surface);
  }
  .go {
    background: var(--_success);
  }
  .stop {
    background: var(--_danger);
  }
  .go:hover:not([aria-disabled='true']),
  .stop:hover:not([aria-disabled='true']) {
    border-color: transparent;
    filter: brightness(1.08);
  }
  .quiet {
    border-color: var(--_danger);
    color: var(--_danger);
  }
  .buttons {
    display: grid;
    grid-template-columns: repeat(2, minmax(0, 1fr));
    gap: var(--_2);
  }
  .buttons button {
    flex-direction: column;
    gap: var(--_1);
    min-height: 68px;
    font-size: 14px;
  }
  .buttons .wide {
    flex-direction: row;
    min-height: 52px;
    font-size: inherit;
  }
  .buttons.small button {
    flex-direction: row;
    min-height: 46px;
    font-size: 13px;
  }
  button[aria-expanded='true'] {
    border-color: currentColor;
    background: var(--_surface-2);
  }
  button.round {
    flex: none;
    width: var(--_target);
    padding: 0;
  }
  .buttons .wide {
    grid-column: 1 / -1;
  }
  .mute[aria-pressed='true'] {
    background: var(--_warning);
    border-color: transparent;
    color: var(--_surface);
  }
`;

const call = css`
  .call {
    display: flex;
    flex-direction: column;
    gap: var(--_3);
    padding: var(--_4);
    background: var(--_surface-2);
    border-radius: var(--_radius);
  }
  .call.ringing {
    box-shadow: inset 0 0 0 2px var(--_success);
  }
  .what {
    display: flex;
    justify-content: space-between;
    gap: var(--_2);
    color: var(--_text-muted);
    font-size: 13px;
    font-weight: 600;
  }
  .ringing .what {
    color: var(--_success);
  }
  .who {
    display: -webkit-box;
    overflow: hidden;
    font-size: 21px;
    font-weight: 650;
    line-height: 1.25;
    overflow-wrap: anywhere;
    -webkit-box-orient: vertical;
    -webkit-line-clamp: 3;
  }
  .call .who + .number {
    margin-top: var(--_1);
  }
  .call .number {
    font-size: 16px;
    overflow-wrap: anywhere;
  }
  .what .time {
    color: var(--_text);
    font-size: 20px;
    font-weight: 400;
    line-height: 1;
  }
  .call.held {
    box-shadow: inset 0 0 0 2px var(--_warning);
  }
  .held .what {
    color: var(--_warning);
  }
  .hint {
    color: var(--_warning);
    font-size: 14px;
    font-weight: 600;
  }
  @media (prefers-reduced-motion: no-preference) {
    .call.ringing {
      animation: breathe 2s ease-in-out infinite;
    }
    @keyframes breathe {
      50% {
        box-shadow:
          inset 0 0 0 2px var(--_success),
          0 0 0 5px color-mix(in srgb, var(--_success) 22%, transparent);
      }
    }
  }
`;

const dial = css`
  form {
    display: grid;
    grid-template-columns: 1fr auto;
    gap: var(--_2);
  }
  label {
    grid-column: 1 / -1;
    color: var(--_text-muted);
    font-size: 13px;
    font-weight: 600;
  }
  input {
    min-width: 0;
    min-height: var(--_target);
    padding: 0 var(--_3);
    border: 1px solid var(--_text-muted);
    border-radius: var(--_radius);
    background: var(--_surface);
    color: var(--_text);
    font: inherit;
    font-size: 18px;
    font-variant-numeric: tabular-nums;
  }
  input::placeholder {
    color: var(--_text-muted);
    font-size: 15px;
  }
  .error {
    grid-column: 1 / -1;
    color: var(--_danger);
    font-size: 14px;
  }
  .last {
    display: flex;
    align-items: center;
    justify-content: space-between;
    gap: var(--_3);
    padding-top: var(--_3);
    border-top: 1px solid var(--_border);
  }
  .last > div {
    min-width: 0;
  }
`;

export const styles = [tokens, frame, status, controls, call, dial, second];
