import { css, html } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { AlloElement } from './allo-element.ts';

/** A short word of state; its tone never says anything that the word does not. */
@customElement('allo-badge')
export class AlloBadge extends AlloElement {
  @property({ reflect: true }) tone: 'neutral' | 'info' | 'success' | 'warning' | 'danger' | 'accent' = 'neutral';

  static override styles = [
    ...AlloElement.styles,
    css`
      :host {
        display: inline-block;
        max-width: 100%;
        padding: 0.05rem 0.45rem;
        border-radius: 99px;
        background: var(--surface-3);
        color: var(--text);
        font-size: var(--text-s);
        font-weight: 550;
        line-height: 1.45;
        white-space: nowrap;
        overflow: hidden;
        text-overflow: ellipsis;
        vertical-align: middle;
      }
      :host([tone='info']) {
        background: var(--info-soft);
        color: var(--info);
      }
      :host([tone='success']) {
        background: var(--success-soft);
        color: var(--success);
      }
      :host([tone='warning']) {
        background: var(--warning-soft);
        color: var(--warning);
      }
      :host([tone='danger']) {
        background: var(--danger-soft);
        color: var(--danger);
      }
      :host([tone='accent']) {
        background: var(--accent-soft);
        color: var(--accent);
      }
    `,
  ];

  override render() {
    return html`<slot></slot>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'allo-badge': AlloBadge;
  }
}
