import { css, html } from 'lit';
import { customElement, query } from 'lit/decorators.js';
import { CHORDS, keysOf } from '../core/chords.ts';
import type { KeyAction, KeyGroup } from '../core/chords.ts';
import { setSingleKeys, singleKeys } from '../core/keys.ts';
import { Select } from '../core/store.ts';
import type { AlloDialog } from '../ui/allo-dialog.ts';
import '../ui/allo-dialog.ts';
import { AlloElement } from '../ui/allo-element.ts';
import { t } from './strings.ts';

/** The sheet of shortcuts. */
@customElement('allo-help')
export class Help extends AlloElement {
  @query('allo-dialog') private readonly dialog!: AlloDialog;
  private readonly single = new Select(this, singleKeys, (on) => on);

  static override styles = [
    ...AlloElement.styles,
    css`
      allo-dialog {
        --width: 60rem;
      }
      .groups {
        columns: 24rem 2;
        column-gap: var(--space-6);
      }
      dl > div {
        break-inside: avoid;
      }
      h3 {
        break-after: avoid;
        margin: var(--space-3) 0 var(--space-1);
        color: var(--text-muted);
      }
      dl > div {
        display: flex;
        justify-content: space-between;
        gap: var(--space-4);
        padding: 1px 0;
      }
      dd {
        white-space: nowrap;
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
      <div class="groups">
        ${(Object.keys(CHORDS) as KeyGroup[]).map(
          (group) =>
            html`<h3>${t().groups[group]}</h3>
              <dl>
                ${(Object.keys(CHORDS[group]) as KeyAction[]).map(
                  (what) =>
                    html`<div>
                      <dt>${t().keys[what]}</dt>
                      <dd>${keysOf(what).map((k) => html`<kbd>${k}</kbd> `)}</dd>
                    </div>`,
                )}
              </dl>`,
        )}
      </div>
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
