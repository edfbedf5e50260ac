import { css, html, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { Hello, Me } from '../../server/auth/contract.ts';
import type { Role } from '../../server/users/contract.ts';
import { ApiError } from '../core/api.ts';
import { errorText } from '../core/error-words.ts';
import { roleWords } from '../core/role-words.ts';
import { AlloElement } from '../ui/allo-element.ts';
import { field } from '../ui/field.ts';
import { icon } from '../ui/icons.ts';
import './allo-look.ts';
import { authApi } from './api.ts';
import { t } from './strings.ts';

/**
 * The way in.
 * @fires signed-in - detail: { me: Me }
 */
@customElement('allo-sign-in')
export class SignInPage extends AlloElement {
  /** A session was there and is over. */
  @property({ type: Boolean }) ended = false;
  @state() private hello: Hello | null = null;
  @state() private login = '';
  @state() private password = '';
  @state() private error: string | null = null;
  @state() private busy = false;

  static override styles = [
    ...AlloElement.styles,
    css`
      main {
        display: grid;
        justify-content: center;
        align-content: center;
        gap: var(--space-5);
        min-height: 100vh;
        padding: var(--space-5) var(--space-4);
        grid-template-columns: minmax(0, 23rem);
      }
      main.demo {
        grid-template-columns: minmax(0, 23rem) minmax(0, 23rem);
        align-items: start;
      }
      .panel {
        padding: var(--space-6);
      }
      h1 {
        display: flex;
        align-items: center;
        gap: var(--space-3);
        margin-bottom: var(--space-5);
        font-size: var(--text-xxl);
      }
      h1 img {
        width: 2.25rem;
        height: 2.25rem;
      }
      form {
        display: grid;
        gap: var(--space-4);
      }
      allo-look {
        margin-top: var(--space-6);
        padding-top: var(--space-4);
        border-top: 1px solid var(--border);
      }
      .version {
        margin-top: var(--space-4);
      }
      ul {
        display: grid;
        gap: var(--space-1);
        margin-top: var(--space-3);
        max-height: min(34rem, 78vh);
        overflow-y: auto;
      }
      li .button {
        justify-content: space-between;
        border-color: var(--border);
      }
      li .button span:last-child {
        font-weight: 400;
      }
      @media (max-width: 820px) {
        main.demo {
          grid-template-columns: minmax(0, 23rem);
        }
      }
    `,
  ];

  override connectedCallback() {
    super.connectedCallback();
    void this.greet();
  }

  private async greet() {
    try {
      this.hello = await authApi.hello();
    } catch (err) {
      this.error = errorText(err);
    }
  }

  override render() {
    const logins = this.hello?.demo?.logins ?? [];
    return html`<main class=${logins.length ? 'demo' : ''}>
      <section class="panel">
        <h1><img src="/icon.svg" alt="" />Allo</h1>
        <form novalidate @submit=${this.submit}>
          ${this.ended && !this.error ? html`<p class="notice info" role="status">${icon('info')}<span>${t().ended}</span></p>` : nothing}
          ${this.error ? html`<p class="notice danger" role="alert">${icon('warning')}<span>${this.error}</span></p>` : nothing}
          ${field({ id: 'login', label: t().login, value: this.login, autocomplete: 'username', maxLength: 100, onInput: (v) => (this.login = v) })}
          ${field({
            id: 'password',
            label: t().password,
            value: this.password,
            type: 'password',
            autocomplete: 'current-password',
            maxLength: 500,
            onInput: (v) => (this.password = v),
          })}
          <button class="button primary wide" ?disabled=${this.busy}>${t().signIn}</button>
        </form>
        <allo-look></allo-look>
        ${this.hello ? html`<p class="version small muted">${t().version(this.hello.version)}</p>` : nothing}
      </section>
      ${logins.length ? this.demo(logins) : nothing}
    </main>`;
  }

  private demo(logins: NonNullable<Hello['demo']>['logins']) {
    return html`<section class="panel">
      <h2>${t().demoTitle}</h2>
      <p class="small muted">${t().demoText}</p>
      <ul>
        ${logins.map(
          (l) =>
            html`<li>
              <button class="button wide" ?disabled=${this.busy} @click=${() => void this.enter(l.login, l.password)}>
                <span class="cut">${l.name}</span><span class="muted small">${roleWords()[l.role as Role]}</span>
              </button>
            </li>`,
        )}
      </ul>
    </section>`;
  }

  private async submit(e: Event) {
    e.preventDefault();
    if (!this.login.trim() || !this.password) this.error = t().missing;
    else await this.enter(this.login.trim(), this.password);
  }

  private async enter(login: string, password: string) {
    if (this.busy) return;
    this.busy = true;
    this.error = null;
    try {
      const me: Me = await authApi.signIn(login, password);
      this.emit('signed-in', { me });
    } catch (err) {
      this.error = words(err);
      this.password = '';
    } finally {
      this.busy = false;
    }
  }
}

const words = (err: unknown): string => {
  if (!(err instanceof ApiError)) return errorText(err);
  if (err.code === 'unauthenticated' || err.code === 'forbidden') return t().wrong;
  const wait = Number(err.data.retryAfterSeconds);
  return err.code === 'too_many' && wait > 0 ? t().tooMany(Math.ceil(wait)) : errorText(err);
};

declare global {
  interface HTMLElementTagNameMap {
    'allo-sign-in': SignInPage;
  }
}
