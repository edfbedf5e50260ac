import { css, html, nothing } from 'lit';
import { customElement, query, state } from 'lit/decorators.js';
import { ApiError } from '../core/api.ts';
import { errorText } from '../core/error-words.ts';
import { toast } from '../core/toasts.ts';
import { AlloElement } from '../ui/allo-element.ts';
import type { AlloDialog } from '../ui/allo-dialog.ts';
import '../ui/allo-dialog.ts';
import { field } from '../ui/field.ts';
import { authApi } from './api.ts';
import { t } from './strings.ts';

const SHORTEST = 10;

/** The dialog that changes one's password. */
@customElement('allo-password')
export class PasswordDialog extends AlloElement {
  @state() private current = '';
  @state() private next = '';
  @state() private errors: { current?: string; next?: string; all?: string } = {};
  @state() private busy = false;
  @query('allo-dialog') private readonly dialog!: AlloDialog;

  static override styles = [
    ...AlloElement.styles,
    css`
      form {
        display: grid;
        gap: var(--space-4);
      }
    `,
  ];

  async show(): Promise<void> {
    this.current = '';
    this.next = '';
    this.errors = {};
    await this.dialog.show();
  }

  override render() {
    return html`<allo-dialog .heading=${t().password2}>
      <form novalidate @submit=${this.submit}>
        ${field({
          id: 'current',
          label: t().current,
          value: this.current,
          type: 'password',
          autocomplete: 'current-password',
          maxLength: 500,
          error: this.errors.current ?? null,
          onInput: (v) => (this.current = v),
        })}
        ${field({
          id: 'next',
          label: t().next,
          value: this.next,
          type: 'password',
          autocomplete: 'new-password',
          maxLength: 500,
          error: this.errors.next ?? null,
          onInput: (v) => (this.next = v),
        })}
        ${this.errors.all ? html`<p class="notice danger" role="alert">${this.errors.all}</p>` : nothing}
        <button class="button primary" ?disabled=${this.busy}>${t().save}</button>
      </form>
    </allo-dialog>`;
  }

  private async submit(e: Event) {
    e.preventDefault();
    if (this.next.length < SHORTEST) {
      this.errors = { next: t().nextShort };
      return;
    }
    this.busy = true;
    this.errors = {};
    try {
      await authApi.password(this.current, this.next);
      this.dialog.close();
      toast('success', t().changed);
    } catch (err) {
      const issues = err instanceof ApiError && err.code === 'invalid' ? (err.data.issues as { path: string }[] | undefined) : undefined;
      const wrong = issues?.some((i) => i.path === 'body.current');
      this.errors = wrong ? { current: t().wrongCurrent } : { all: errorText(err) };
    } finally {
      this.busy = false;
    }
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'allo-password': PasswordDialog;
  }
}
