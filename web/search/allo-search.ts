import { html, nothing } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import type { CallRow } from '../../server/calls/contract.ts';
import type { ClientBrief } from '../../server/clients/contract.ts';
import type { Task } from '../../server/tasks/contract.ts';
import { errorText } from '../core/error-words.ts';
import { focusedElement } from '../core/focus.ts';
import { moment } from '../core/format.ts';
import { formatNumber, looksDiallable } from '../core/numbers.ts';
import { navigate } from '../core/router.ts';
import { AlloElement } from '../ui/allo-element.ts';
import { clientLine } from '../ui/client-line.ts';
import { icon } from '../ui/icons.ts';
import { actionLine, groupedListbox, listboxStyles } from '../ui/listbox.ts';
import type { Line, LineGroup } from '../ui/listbox.ts';
import type { Command } from './command.ts';
import { fitsWords, understand } from './said.ts';
import type { Said } from './said.ts';
import { Searcher } from './searcher.ts';
import { searchStyles } from './styles.ts';
import { t } from './strings.ts';

const COMMANDS = 6;
/** Answered by the server, not by what was typed alone. */
const ASKS: readonly Said['kind'][] = ['find', 'number'];

/**
 * The search of every page over clients, numbers, tasks, calls and commands: arrows, Enter, Escape.
 * @fires dial-wanted - detail: { number: string, clientId?: number }
 * @fires task-wanted - detail: { line: string }
 */
@customElement('allo-search')
export class Search extends AlloElement {
  @property({ attribute: false }) commands: readonly Command[] = [];
  @state() private open = false;
  @state() private marked = 0;
  @query('input') private readonly input!: HTMLInputElement;
  /** Enter was pressed before the answer came: the first line is run when it is there. */
  private wanted = false;
  /** The line that the arrows have marked: it stays so when the answer moves it. */
  private markedId = '';
  /** Where the focus was before the key brought it here. */
  private cameFrom: HTMLElement | null = null;
  private readonly searcher = new Searcher(this, () => this.answered());

  static override styles = [...AlloElement.styles, listboxStyles, searchStyles];

  override focus() {
    if (!this.matches(':focus-within')) this.cameFrom = focusedElement();
    this.input.focus();
    this.input.select();
  }

  override render() {
    const groups = this.open ? this.groups() : [];
    const lines = groups.flatMap((group) => group.lines);
    return html`<div class="box">
        ${icon('search')}
        <input
          type="text"
          role="combobox"
          aria-label=${t().label}
          aria-expanded=${lines.length > 0 ? 'true' : 'false'}
          aria-controls="found"
          aria-autocomplete="list"
          aria-activedescendant=${lines[this.marked]?.id ?? ''}
          autocomplete="off"
          spellcheck="false"
          maxlength="200"
          placeholder=${t().placeholder}
          .value=${this.searcher.q}
          @input=${(e: Event) => this.type((e.target as HTMLInputElement).value)}
          @focus=${() => this.type(this.searcher.q, true)}
          @blur=${this.left}
          @keydown=${this.keydown}
        />
        <kbd aria-hidden="true">Ctrl K</kbd>
      </div>
      <p class="hidden" role="status">${this.open ? this.spoken(lines.length) : nothing}</p>
      ${this.open ? html`<div class="list">${this.notices(lines.length)}${groupedListbox(t().found, groups, this.marked)}</div>` : nothing}`;
  }

  private notices(lines: number) {
    const { state, reply, q } = this.searcher;
    if (state === 'failed') return html`<p class="none fault" role="alert">${errorText(this.searcher.error)}</p>`;
    if (reply?.takenFor && state === 'done') return html`<p class="none muted small">${t().takenFor(reply.takenFor)}</p>`;
    if (state === 'asking' && lines === 0) return html`<p class="none muted">${t().asking}</p>`;
    if (state === 'done' && !reply?.clients.length && !reply?.tasks.length && !reply?.calls.length)
      return html`<p class="none muted">${q.trim() ? t().nothing(q.trim()) : t().nothingRecent}</p>`;
    return nothing;
  }

  private spoken(lines: number): string {
    const { state, reply, q } = this.searcher;
    if (state !== 'done') return '';
    if (lines === 0) return q.trim() ? t().nothing(q.trim()) : t().nothingRecent;
    return `${reply?.takenFor ? `${t().takenFor(reply.takenFor)}. ` : ''}${t().count(lines)}`;
  }

  /** As they stand on the screen; orders first, then what was found, then what else could be done. */
  private groups(): LineGroup[] {
    const said = understand(this.searcher.q);
    const { reply } = this.searcher;
    const empty = this.searcher.q.trim() === '';
    const clients = (reply?.clients ?? []).map((c) => this.client(c, said));
    if (reply?.more && said.rest) clients.push(actionLine('more', 'people', t().moreClients, () => this.go(`/clients?${new URLSearchParams({ q: said.rest })}`))); // prettier-ignore
    const commands = this.commands.filter((c) => fitsWords(this.searcher.q, `${c.label} ${c.also}`)).slice(0, COMMANDS);
    const groups: LineGroup[] = [
      { name: t().commands, lines: this.orders(said) },
      { name: empty ? t().recent : t().clients, lines: clients },
      { name: empty ? t().nextTasks : t().tasks, lines: (reply?.tasks ?? []).map((task) => this.task(task)) },
      { name: t().calls, lines: (reply?.calls ?? []).map((call) => this.call(call)) },
      {
        name: t().commands,
        lines: [
          ...(said.kind === 'number' ? [this.dial(said.rest)] : []),
          ...commands.map((c) => this.command(c)),
          ...this.creations(said),
        ],
      },
    ];
    return groups.filter((group) => group.lines.length > 0);
  }

  private orders(said: Said): Line[] {
    const { rest } = said;
    if (said.kind === 'call' && looksDiallable(rest)) return [this.dial(rest)];
    if (said.kind === 'task') return [this.newTask(rest)];
    if (said.kind === 'client') return [this.newClient(rest)];
    return [];
  }

  private creations(said: Said): Line[] {
    if (this.searcher.state !== 'done' || said.rest === '' || said.kind === 'task' || said.kind === 'client') return [];
    return [this.newClient(said.rest), ...(said.kind === 'find' ? [this.newTask(said.rest)] : [])];
  }

  private dial(number: string): Line {
    return actionLine('dial', 'phone-out', t().call(formatNumber(number)), () => {
      this.close();
      this.emit('dial-wanted', { number });
    });
  }

  private newTask(text: string): Line {
    return actionLine('new-task', 'plus', t().newTask(text), () => {
      this.close();
      this.emit('task-wanted', { line: text });
    });
  }

  private newClient(name: string): Line {
    const given = new URLSearchParams(/^[+\d\s()-]+$/.test(name) ? { phone: name } : { name });
    return actionLine('new-client', 'plus', t().newClient(name), () => this.go(`/clients/new${name ? `?${given}` : ''}`));
  }

  private client(c: ClientBrief, said: Said): Line {
    if (said.kind !== 'call' || looksDiallable(said.rest) || !c.phone) return clientLine(c, () => this.go(`/clients/${c.id}`));
    return actionLine(`client-${c.id}`, 'phone-out', t().callClient(c.name), () => {
      this.close();
      this.emit('dial-wanted', { number: c.phone, clientId: c.id });
    }, formatNumber(c.phone)); // prettier-ignore
  }

  private task(task: Task): Line {
    const name: 'check' | 'note' = task.doneAt === null ? 'note' : 'check';
    const words = task.client ? `${task.text} · ${task.client.name}` : task.text;
    return actionLine(`task-${task.id}`, name, words, () => this.go(task.client ? `/clients/${task.client.id}` : '/'), moment(task.dueAt));
  }

  private call(call: CallRow): Line {
    const who = call.client?.name || call.callerName || formatNumber(call.number);
    const name = call.answeredAt === null ? 'phone-missed' : call.direction === 'out' ? 'phone-out' : 'phone-in';
    const id = `call-${call.ref.replace(/\W/g, '-')}`;
    return actionLine(id, name, who, () => this.go(`/calls/${encodeURIComponent(call.ref)}`), moment(call.startedAt));
  }

  private command(c: Command): Line {
    return actionLine(`do-${c.id}`, c.icon, c.label, () => {
      this.close();
      c.run();
    }, c.keys ? html`<span class="keys">${c.keys}</span>` : ''); // prettier-ignore
  }

  private type(q: string, now = false) {
    this.open = true;
    this.marked = 0;
    this.markedId = '';
    this.wanted = false;
    this.searcher.type(q, understand(q).rest, now);
  }

  private answered() {
    const { wanted, markedId } = this;
    this.wanted = false;
    const lines = this.groups().flatMap((group) => group.lines);
    const at = lines.findIndex((line) => line.id === markedId);
    this.marked = Math.max(0, at);
    // Without an answer the first line is what was never asked for; a line that was marked and is gone is nobody's choice.
    if (wanted && this.searcher.state === 'done' && (at >= 0 || markedId === '')) lines[this.marked]?.run();
  }

  private keydown(e: KeyboardEvent) {
    const lines = this.groups().flatMap((group) => group.lines);
    if (e.key === 'ArrowDown' || e.key === 'ArrowUp') this.mark(e.key === 'ArrowDown' ? 1 : -1, lines);
    else if (e.key === 'Enter') this.enter(lines);
    else if (e.key === 'Escape') this.close();
    else return;
    e.preventDefault();
  }

  private mark(step: number, lines: readonly Line[]) {
    if (lines.length > 0) this.marked = (this.marked + step + lines.length) % lines.length;
    this.markedId = lines[this.marked]?.id ?? '';
    void this.updateComplete.then(() => this.renderRoot.querySelector('[aria-selected=true]')?.scrollIntoView({ block: 'nearest' }));
  }

  /** What is shown while the server is asked answers what was typed before, but for an order. */
  private enter(lines: readonly Line[]) {
    if (this.searcher.state !== 'asking' || !ASKS.includes(understand(this.searcher.q).kind)) lines[this.marked]?.run();
    else this.wanted = true;
  }

  private go(path: string) {
    this.close();
    navigate(path);
  }

  private left() {
    this.open = false;
    this.wanted = false;
  }

  private close() {
    this.searcher.close();
    this.left();
    this.input.blur();
    if (this.cameFrom?.isConnected) this.cameFrom.focus({ preventScroll: true });
    this.cameFrom = null;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'allo-search': Search;
  }
}
