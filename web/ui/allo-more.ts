import { html } from 'lit';
import { customElement } from 'lit/decorators.js';
import { AlloElement } from './allo-element.ts';
import { t } from './strings.ts';

/**
 * The foot of a list that goes on: asks for more when it comes into sight, or by its button.
 * @fires more-wanted
 */
@customElement('allo-more')
export class AlloMore extends AlloElement {
  private observer: IntersectionObserver | null = null;

  override connectedCallback() {
    super.connectedCallback();
    this.observer = new IntersectionObserver(
      (seen) => {
        if (seen.some((s) => s.isIntersecting)) this.emit('more-wanted');
      },
      { rootMargin: '400px' },
    );
    this.observer.observe(this);
  }

  override disconnectedCallback() {
    super.disconnectedCallback();
    this.observer?.disconnect();
  }

  override render() {
    return html`<button class="button quiet wide" @click=${() => this.emit('more-wanted')}>${t().more}</button>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'allo-more': AlloMore;
  }
}
