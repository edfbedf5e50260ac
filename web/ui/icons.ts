import { html } from 'lit';
import type { TemplateResult } from 'lit';

const HANDSET =
  'M6.500 4h3l1.500 4-2 1.500a11 11 0 0 0 5.500 5.500l1.500-2 4 1.500v3a2 2 0 0 1-2.200 2A16.500 16.500 0 0 1 4.500 6.200 2 2 0 0 1 6.500 4z';

/** Strokes on a grid of 24. */
const PATHS = {
  phone: HANDSET,
  'phone-in': `${HANDSET}M20.500 3.500l-5.500 5.500m0-4v4h4`,
  'phone-out': `${HANDSET}M15 9l5.500-5.500m-4 0h4v4`,
  'phone-missed': `${HANDSET}M15.500 3.500l5 5m0-5l-5 5`,
  'hang-up': 'M3 13.500c0-5.500 18-5.500 18 0v2.500l-5 .8v-3c-2.500-.9-5.500-.9-8 0v3l-5-.8z',
  search: 'M10.500 17a6.500 6.500 0 1 0 0-13 6.500 6.500 0 0 0 0 13zm4.700-1.800L20 20',
  person: 'M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8zm-7.500 8.500c0-4 3.400-6.500 7.500-6.500s7.500 2.500 7.500 6.500',
  people:
    'M9 12a3.500 3.500 0 1 0 0-7 3.500 3.500 0 0 0 0 7zm-6.500 7.500c0-3.500 3-5.500 6.500-5.500s6.500 2 6.500 5.500M16 5.300a3.500 3.500 0 0 1 0 6.400m2.500 2.900c2 .9 3 2.600 3 4.900',
  company: 'M4 20.500V5l8-1.500v17m0-11l8 1.500v9.500M2.500 20.500h19M7 9h2m-2 4h2m-2 4h2m6-3h2m-2 3h2',
  home: 'M4 4h7v9H4zm9 0h7v5h-7zm0 7.500h7V20h-7zM4 15.500h7V20H4z',
  plus: 'M12 5v14M5 12h14',
  pencil: 'M4 20l1-4.500L16.500 4 20 7.500 8.500 19 4 20zm10-13.500L17.500 10',
  close: 'M6 6l12 12M18 6L6 18',
  check: 'M5 12.500l4.500 4.500L19 7.500',
  warning: 'M12 4l9 16H3L12 4zm0 6v4.500m0 2.500v.2',
  info: 'M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zm0-10v5.500m0-8.700v.2',
  clock: 'M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zm0-14v5.200l3.300 2',
  bell: 'M6 17V10.500a6 6 0 0 1 12 0V17l1.500 1.500h-15zM10 21h4',
  mail: 'M3.500 6h17v12.500h-17zM4 6.500l8 6.500 8-6.500',
  chevron: 'M6.500 9.500L12 15l5.500-5.500',
  back: 'M14.500 6L8.500 12l6 6',
  note: 'M5 4h14v11l-5 5H5V4zm9 16v-5h5M8.500 8.500h7m-7 3.500h4',
  offline: 'M4 4l16 16M8.500 15.500a5 5 0 0 1 5-1.300M5 12a10 10 0 0 1 4.200-2.500m4.300-.4A10 10 0 0 1 19 12m-7 6.800v.2',
  more: 'M6 12h.1m5.900 0h.1m5.900 0h.1',
  link: 'M10 14a4 4 0 0 0 5.700 0l3-3A4 4 0 0 0 13 5.300l-1 1m2 3.700a4 4 0 0 0-5.700 0l-3 3A4 4 0 0 0 11 18.700l1-1',
  play: 'M7 4.500v15l12-7.500z',
  pause: 'M8 5v14m8-14v14',
  stop: 'M6 6h12v12H6z',
  record: 'M12 17a5 5 0 1 0 0-10 5 5 0 0 0 0 10z',
  shield: 'M12 3.500l7 2.500v5c0 4.500-3 8-7 9.500-4-1.500-7-5-7-9.500V6z',
  transfer: 'M4 12h14m-5-5l5 5-5 5M20.500 5v14',
  park: 'M8 20V4h5a4.500 4.500 0 0 1 0 9H8',
  keypad: 'M6 5h.1M12 5h.1M18 5h.1M6 11h.1M12 11h.1M18 11h.1M6 17h.1M12 17h.1M18 17h.1',
  ear: 'M7 9a5 5 0 0 1 10 0c0 3.500-3.500 4-3.500 7a3 3 0 0 1-5.500 1.700M10 9.500a2 2 0 0 1 4-.5',
  chart: 'M4 20h16M7 16.500v-5m5 5V6m5 10.500v-7.500',
  star: 'M12 4l2.400 5 5.400.700-4 3.800 1 5.400-4.800-2.600-4.800 2.600 1-5.400-4-3.800 5.400-.700z',
  download: 'M12 4v11m-4.500-4.500L12 15l4.500-4.500M4.500 19.500h15',
} as const;

export type IconName = keyof typeof PATHS;

/** Says nothing to a screen reader: the words stand beside it, or in the label of its button. */
export const icon = (name: IconName): TemplateResult =>
  html`<svg class="icon" viewBox="0 0 24 24" aria-hidden="true"><path d=${PATHS[name]}></path></svg>`;
