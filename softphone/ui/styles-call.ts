import { css } from 'lit';

/** The second line, keys, transfer and quality. */
export const second = css`
  .stroke.thick {
    stroke-width: 4;
  }
  .recording {
    margin-inline-end: auto;
    color: var(--_danger);
    font-weight: 600;
  }
  .recording::before {
    content: '● ' / '';
  }
  .recording.paused {
    color: var(--_warning);
  }
  .recording.paused::before {
    content: '❚❚ ' / '';
  }
  .talking .who {
    font-size: 18px;
    -webkit-line-clamp: 2;
  }
  .other {
    display: flex;
    align-items: center;
    gap: var(--_2);
    padding: var(--_2) var(--_3);
    background: var(--_surface-2);
    border-radius: var(--_radius);
  }
  .other.ringing {
    box-shadow: inset 0 0 0 2px var(--_success);
  }
  .other > div {
    flex: 1;
    min-width: 0;
  }
  .gear {
    flex: none;
    width: 32px;
    min-height: 32px;
    padding: 0;
    border-color: transparent;
    color: var(--_text-muted);
    margin-inline-start: auto;
  }
  .extension + .gear {
    margin-inline-start: 0;
  }
  .notice.fine {
    border-color: var(--_success);
  }
  .name {
    overflow: hidden;
    font-weight: 600;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  .keys {
    display: grid;
    grid-template-columns: repeat(3, 1fr);
    gap: var(--_1);
  }
  .keys p {
    grid-column: 1 / -1;
    min-height: 18px;
    overflow: hidden;
    direction: rtl;
    text-align: start;
    white-space: nowrap;
  }
  .keys button {
    min-height: 38px;
    font-size: 18px;
  }
  form > .wide {
    grid-column: 1 / -1;
  }
  .two {
    display: grid;
    grid-template-columns: 1fr 1fr;
    gap: var(--_2);
  }
  ul {
    max-height: 148px;
    margin: 0;
    padding: 0;
    overflow-y: auto;
    border: 1px solid var(--_border);
    border-radius: var(--_radius);
    list-style: none;
  }
  ul button {
    width: 100%;
    min-height: 36px;
    border: 0;
    border-radius: 0;
    justify-content: flex-start;
    font-size: 14px;
    font-weight: 400;
  }
  ul .name {
    flex: 1;
    text-align: start;
  }
  ul .muted {
    white-space: nowrap;
  }
  .free-icon {
    flex: none;
    width: 12px;
    height: 12px;
    color: var(--_text-muted);
    vertical-align: -1px;
  }
  .free-icon .full {
    fill: currentColor;
  }
  .free-icon.free {
    color: var(--_success);
  }
  .free-icon.busy,
  .free-icon.ringing {
    color: var(--_danger);
  }
  summary {
    display: flex;
    align-items: center;
    gap: var(--_2);
    color: var(--_text-muted);
    font-size: 13px;
    cursor: pointer;
  }
  .bars {
    width: 14px;
    height: 14px;
    color: var(--_success);
  }
  .bars .full {
    fill: currentColor;
  }
  .bars .empty {
    fill: var(--_border);
  }
  .fair .bars {
    color: var(--_warning);
  }
  .poor .bars {
    color: var(--_danger);
  }
  .poor summary {
    color: var(--_danger);
    font-weight: 600;
  }
  dl {
    display: grid;
    grid-template-columns: auto 1fr auto 1fr;
    gap: 2px var(--_2);
    margin: var(--_1) 0 0;
    font-size: 13px;
    font-variant-numeric: tabular-nums;
  }
  dt {
    color: var(--_text-muted);
  }
  dd {
    margin: 0;
  }
`;
