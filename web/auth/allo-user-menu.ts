import { css, html, nothing } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import type { Role } from '../../server/users/contract.ts';
import { roleWords } from '../core/role-words.ts';
import { session } from '../core/session.ts';
import { Select } from '../core/store.ts';
import { AlloElement } from '../ui/allo-element.ts';
import { icon } from '../ui/icons.ts';
import './allo-look.ts';
import './allo-password.ts';
import { t } from './strings.ts';

/**
 * Who is signed in, and what is theirs: language, colours, password, the way out.
 * @fires sign-out-wanted - detail: { everywhere: boolean }
 */
@customElement('allo-user-menu')
export class UserMenu extends AlloElement {
  @state() private open = false;
  private readonly user = new Select(this, session, (s) => (s.state === 'in' ? s.me.user : null));

  static override styles = [
    ...AlloElement.styles,
    css`
      :host {
        position: relative;
      }
      .who {
        max-width: 13rem;
      }
      .menu {
        position: absolute;
        z-index: 25;
        right: 0;
        top: calc(100% + var(--space-1));
        display: grid;
        gap: var(--space-2);
        width: 20rem;
        padding: var(--space-4);
        border: 1px solid var(--border);
        border-radius: var(--radius-l);
        background: var(--surface);
        box-shadow: var(--shadow);
      }
      .menu .button {
        justify-content: flex-start;
      }
      hr {
        width: 100%;
        margin: var(--space-1) 0;
        border: 0;
        border-top: 1px solid var(--border);
      }
      @media (max-width: 900px) {
        .who .cut {
          display: none;
        }
      }
      @media (max-width: 1500px) {
        :host([compact]) .who .cut {
          display: none;
        }
      }
    `,
  ];

  override connectedCallback() {
    super.connectedCallback();
    document.addEventListener('pointerdown', this.away);
  }

  override disconnectedCallback() {
    super.disconnectedCallback();
    document.removeEventListener('pointerdown', this.away);
  }

  private readonly away = (e: Event) => {
    if (!e.composedPath().includes(this)) this.open = false;
  };

  override render() {
    const user = this.user.value;
    if (!user) return nothing;
    return html`<button
        class="button quiet who"
        aria-expanded=${this.open ? 'true' : 'false'}
        aria-label=${t().menu(user.name)}
        title=${user.name}
        @click=${() => (this.open = !this.open)}
      >
        ${icon('person')}<span class="cut">${user.name}</span>${icon('chevron')}
      </button>
      ${this.open ? this.menu(user.name, user.role) : nothing}`;
  }

  private menu(name: string, role: Role) {
    // Escape closes it from whatever stands in it.
    return html`<div class="menu" @keydown=${this.keydown}>
      <p><strong>${name}</strong><br /><span class="muted small">${roleWords()[role]}</span></p>
      <allo-look></allo-look>
      <hr />
      <button class="button quiet" @click=${() => void this.changePassword()}>${icon('pencil')}${t().password2}</button>
      <button class="button quiet" @click=${() => this.emit('sign-out-wanted', { everywhere: false })}>
        ${icon('back')}${t().signOut}
      </button>
      <button class="button quiet" @click=${() => this.emit('sign-out-wanted', { everywhere: true })}>
        ${icon('back')}${t().signOutEverywhere}
      </button>
      <allo-password></allo-password>
    </div>`;
  }

  private keydown(e: KeyboardEvent) {
    if (e.key !== 'Escape' || e.composedPath().some((n) => n instanceof HTMLDialogElement)) return;
    this.open = false;
    this.renderRoot.querySelector('button')?.focus();
  }

  private async changePassword() {
    await this.renderRoot.querySelector('allo-password')?.show();
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'allo-user-menu': UserMenu;
  }
}
