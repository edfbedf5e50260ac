import { css, html } from 'lit';
import { customElement, query } from 'lit/decorators.js';
import { setSingleKeys, singleKeys } from '../core/keys.ts';
import { Select } from '../core/store.ts';
import type { AlloDialog } from '../ui/allo-dialog.ts';
import '../ui/allo-dialog.ts';
import { AlloElement } from '../ui/allo-element.ts';
import { KEYS } from './keys.ts';
import { t } from './strings.ts';

/** The sheet of shortcuts. */
@customElement('allo-help')
export class Help extends AlloElement {
  @query('allo-dialog') private readonly dialog!: AlloDialog;
  private readonly single = new Select(this, singleKeys, (on) => on);

  static override styles = [
    ...AlloElement.styles,
    css`
      h3 {
        margin: var(--space-3) 0 var(--space-1);
        color: var(--text-muted);
      }
      dl > div {
        display: flex;
        justify-content: space-between;
        gap: var(--space-4);
        padding: var(--space-1) 0;
      }
      label {
        display: flex;
        align-items: center;
        gap: var(--space-2);
        margin-top: var(--space-4);
        min-height: 2rem;
      }
    `,
  ];

  async show(): Promise<void> {
    await this.dialog.show();
  }

  override render() {
    return html`<allo-dialog .heading=${t().help}>
      ${(Object.keys(KEYS) as (keyof typeof KEYS)[]).map(
        (group) =>
          html`<h3>${t().groups[group]}</h3>
            <dl>
              ${KEYS[group].map(
                ([what, keys]) =>
                  html`<div>
                    <dt>${t().keys[what]}</dt>
                    <dd>${keys.split(' ').map((k) => html`<kbd>${k}</kbd> `)}</dd>
                  </div>`,
              )}
            </dl>`,
      )}
      <label
        ><input
          type="checkbox"
          .checked=${this.single.value}
          @change=${(e: Event) => setSingleKeys((e.target as HTMLInputElement).checked)}
        />${t().singleKeys}</label
      >
    </allo-dialog>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'allo-help': Help;
  }
}
