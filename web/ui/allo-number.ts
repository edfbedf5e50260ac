import { css, html } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { formatNumber, loadPlans, plans } from '../core/numbers.ts';
import { Select } from '../core/store.ts';
import { AlloElement } from './allo-element.ts';
import { t } from './strings.ts';

/** A telephone number as its country writes it; the caller's own text, as text, when it is none. */
@customElement('allo-number')
export class AlloNumber extends AlloElement {
  @property() value = '';

  static override styles = [
    ...AlloElement.styles,
    css`
      :host {
        display: inline;
        font-variant-numeric: tabular-nums;
        overflow-wrap: anywhere;
      }
    `,
  ];

  constructor() {
    super();
    new Select(this, plans, (p) => p);
  }

  override connectedCallback() {
    super.connectedCallback();
    loadPlans();
  }

  override render() {
    return html`${this.value ? formatNumber(this.value) : t().noNumber}`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'allo-number': AlloNumber;
  }
}
