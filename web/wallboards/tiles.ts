import { html, nothing } from 'lit';
import type { TemplateResult } from 'lit';
import type { AgentStateName } from '../../server/agents/contract.ts';
import type { WallPicture, WallTile } from '../../server/wallboards/contract.ts';
import { breakWords } from '../core/break-words.ts';
import { duration } from '../core/format.ts';
import { icon } from '../ui/icons.ts';
import type { IconName } from '../ui/icons.ts';
import { isDuration, isShare, moodOf, moodOfFigure, operatorsOf, queuesOf, valueOf } from './figures.ts';
import type { Mood } from './figures.ts';
import { t } from './strings.ts';

/** How tiles look, on the wall and where they are arranged. */

/** In the order in which they are listed, each with its shape. */
const SHAPES: readonly [AgentStateName, IconName, string][] = [
  ['unreachable', 'offline', 'danger'],
  ['available', 'check', 'success'],
  ['ringing', 'phone-in', 'accent'],
  ['dialling', 'phone-out', 'accent'],
  ['talking', 'phone', 'accent'],
  ['hold', 'pause', 'accent'],
  ['wrap-up', 'pencil', 'warning'],
  ['break', 'clock', 'muted'],
];
const LINES_MOST = 14;

export interface View {
  picture: WallPicture;
  /** Epoch ms by the server's clock: of the picture, if that is old. */
  now: number;
  /** As it stands on a clock. */
  clock: string;
}

const sign = (mood: Mood) => (mood === 'calm' ? nothing : icon('warning'));
const percent = (share: number): string => `${Math.round(share * 100)} %`;

/** By which T, if one holds for all that are shown. */
const within = (picture: WallPicture, refs: readonly string[]): string => {
  const targets = new Set(queuesOf(picture, refs).map(({ target }) => target));
  return targets.size === 1 ? ` · ${t().seconds([...targets][0]!)}` : '';
};

const figureFace = (tile: Extract<WallTile, { kind: 'figure' }>, { picture, now }: View): { mood: Mood; face: TemplateResult } => {
  const { figure, title, queues } = tile;
  const value = valueOf(figure, picture, queues, now);
  const mood = moodOfFigure(tile, value);
  const words = (some: number) => (isShare(figure) ? percent(some) : isDuration(figure) ? duration(some) : String(some));
  const text = value === null ? (isShare(figure) ? t().noData : '–') : words(value);
  const size = text === t().noData ? 'words' : text.length + (mood === 'calm' ? 0 : 2) > 4 ? 'long' : '';
  return {
    mood,
    face: html`<h2>${title || t().figures[figure]}${title === '' && isShare(figure) ? within(picture, queues) : ''}</h2>
      <div class="value ${size}">${sign(mood)}${text}</div>`,
  };
};

const queuesFace = (tile: Extract<WallTile, { kind: 'queues' }>, { picture, now }: View): TemplateResult => {
  const queues = queuesOf(picture, tile.queues).slice(0, LINES_MOST);
  return html`<table style="--lines: ${Math.max(4, queues.length)}">
    <thead>
      <tr>
        <th scope="col">${t().queue}</th>
        <th scope="col">${t().figures.waiting}</th>
        <th scope="col">${t().figures.oldest}</th>
        <th scope="col">${t().figures.level}</th>
      </tr>
    </thead>
    <tbody>
      ${queues.map(({ label, waiting, oldest, live, goal }) => {
        const wait = oldest === null ? null : Math.max(0, now - oldest);
        const mood = moodOf(wait === null ? null : wait / 1000, tile);
        const low = live.serviceLevel !== null && live.serviceLevel * 100 < goal;
        return html`<tr class=${mood}>
          <td>${label}</td>
          <td class="num">${waiting}</td>
          <td class="num">${sign(mood)} ${wait === null ? '–' : duration(wait)}</td>
          <td class="num">${low ? icon('warning') : nothing} ${live.serviceLevel === null ? '–' : percent(live.serviceLevel)}</td>
        </tr>`;
      })}
    </tbody>
  </table>`;
};

const operatorsFace = (tile: Extract<WallTile, { kind: 'operators' }>, { picture, now }: View): TemplateResult => {
  const people = operatorsOf(picture, tile.queues);
  const named = people.some(({ name }) => name !== '');
  const groups = SHAPES.map(([state, shape, tone]) => ({ state, shape, tone, of: people.filter((one) => one.state === state) })).filter(
    ({ of }) => of.length > 0,
  );
  const line = (shape: IconName, tone: string, words: string, value: string) =>
    html`<li class=${tone}>${icon(shape)}<span class="cut" dir="auto">${words}</span><b>${value}</b></li>`;
  const lines = named
    ? groups
        .flatMap(({ shape, tone, of }) => of.map((one) => ({ shape, tone, one })))
        .slice(0, LINES_MOST)
        .map(({ shape, tone, one: { name, reason, since, over } }) =>
          line(
            shape,
            over ? 'danger' : tone,
            reason === null ? name : `${name} · ${breakWords(reason)}`,
            duration(Math.max(0, now - since)),
          ),
        )
    : groups.map(({ state, shape, tone, of }) => line(shape, tone, t().states[state], String(of.length)));
  return html`<h2>${t().kinds.operators} · ${people.length}</h2>
    ${
      people.length === 0
        ? html`<p class="say muted">${t().nobody}</p>`
        : html`<ul class="people" style="--lines: ${Math.max(5, lines.length)}">
            ${lines}
          </ul>`
    }`;
};

/** What stands in a tile, and how it feels about it. */
export const tileFace = (tile: WallTile, view: View): { mood: Mood; face: TemplateResult } => {
  if (tile.kind === 'figure') return figureFace(tile, view);
  if (tile.kind === 'queues') return { mood: 'calm', face: queuesFace(tile, view) };
  if (tile.kind === 'operators') return { mood: 'calm', face: operatorsFace(tile, view) };
  if (tile.kind === 'clock') return { mood: 'calm', face: html`<div class="value long">${view.clock}</div>` };
  return { mood: 'calm', face: html`<p class="say" dir="auto">${tile.title}</p>` };
};

export const placeOf = ({ x, y, w, h }: WallTile): string => `grid-area: ${y + 1} / ${x + 1} / span ${h} / span ${w}`;
