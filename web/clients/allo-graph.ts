import { css, html, nothing, svg } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { RelationGraph } from '../../server/relations/contract.ts';
import { navigate } from '../core/router.ts';
import { AlloElement } from '../ui/allo-element.ts';
import { c } from './card-strings.ts';
import { layout } from './graph-layout.ts';

const ROOM = 110;
const LONGEST = 22;
const cut = (name: string) => (name.length > LONGEST ? `${name.slice(0, LONGEST - 1)}…` : name);

/** The relations three steps around a client, drawn; the table beside it says the same. Arrow keys walk, Enter opens. */
@customElement('allo-graph')
export class Graph extends AlloElement {
  @property({ attribute: false }) graph!: RelationGraph;
  @state() private at = 0;

  static override styles = [
    ...AlloElement.styles,
    css`
      svg.graph {
        display: block;
        width: 100%;
        height: min(70vh, 36rem);
        background: var(--surface-2);
        border-radius: var(--radius);
      }
      line {
        stroke: var(--border-strong);
        stroke-width: 1.5;
      }
      circle {
        fill: var(--surface);
        stroke: var(--border-strong);
        stroke-width: 2;
      }
      .company circle {
        fill: var(--accent-soft);
      }
      .step-0 circle {
        stroke: var(--accent);
        stroke-width: 4;
      }
      .marked circle {
        stroke: var(--focus-ring);
        stroke-width: 5;
      }
      text {
        fill: var(--text);
        font-size: 13px;
        text-anchor: middle;
      }
      .step-3 text {
        fill: var(--text-muted);
        font-size: 12px;
      }
      .edge {
        fill: var(--text-muted);
        font-size: 11px;
      }
      g.node {
        cursor: pointer;
      }
    `,
  ];

  override render() {
    const { nodes, edges, more } = this.graph;
    const places = layout(nodes, edges);
    const of = new Map(places.map((p) => [p.id, p]));
    const [xs, ys] = [places.map(({ x }) => x), places.map(({ y }) => y)];
    const [left, top] = [Math.min(...xs) - ROOM, Math.min(...ys) - ROOM / 2];
    const size = `${left} ${top} ${Math.max(...xs) + ROOM - left} ${Math.max(...ys) + ROOM / 2 - top}`;
    const words = edges.length <= 30;
    return html`<svg
        class="graph"
        viewBox=${size}
        tabindex="0"
        role="application"
        aria-label="${c().graphLabel} ${nodes[this.at]?.name ?? ''}"
        @keydown=${this.key}
      >
        ${edges.map((edge) => {
          const [a, b] = [of.get(edge.fromId)!, of.get(edge.toId)!];
          return svg`<line x1=${a.x} y1=${a.y} x2=${b.x} y2=${b.y}></line>
            ${words ? svg`<text class="edge" x=${(a.x + b.x) / 2} y=${(a.y + b.y) / 2 - 4}>${c().kindOf[edge.kind]![0]}</text>` : nothing}`;
        })}
        ${nodes.map((node, i) => {
          const { x, y } = of.get(node.id)!;
          const classes = `node ${node.kind} step-${node.step} ${i === this.at ? 'marked' : ''}`;
          return svg`<g class=${classes} transform="translate(${x} ${y})" @click=${() => this.open(i)}>
            <title>${node.name}</title>
            <circle r=${[16, 11, 8, 6][node.step] ?? 6}></circle>
            <text y=${[32, 26, 22, 19][node.step] ?? 19}>${cut(node.name)}</text>
          </g>`;
        })}
      </svg>
      ${more ? html`<p class="muted small">${c().graphMore}</p>` : nothing}`;
  }

  private key(e: KeyboardEvent) {
    const n = this.graph.nodes.length;
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[e.key];
    if (step !== undefined) this.at = (this.at + step + n) % n;
    else if (e.key === 'Enter') this.open(this.at);
    else return;
    e.preventDefault();
  }

  private open(i: number) {
    const node = this.graph.nodes[i];
    if (node && node.step > 0) navigate(`/clients/${node.id}`);
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'allo-graph': Graph;
  }
}
