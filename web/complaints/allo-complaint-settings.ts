import { css, html } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import { LOADING, failed, ready } from '../core/loading.ts';
import type { Loading } from '../core/loading.ts';
import { toast } from '../core/toasts.ts';
import { AlloElement } from '../ui/allo-element.ts';
import { skeleton, states, trouble } from '../ui/states.ts';
import './allo-complaint-categories.ts';
import './allo-complaint-policies.ts';
import './allo-complaint-rules.ts';
import './allo-complaint-severities.ts';
import './allo-complaint-templates.ts';
import './allo-complaint-transitions.ts';
import { readSettings, settingsFault } from './settings-api.ts';
import type { SettingsData } from './settings-api.ts';
import { t } from './settings-strings.ts';

const SECTIONS = ['categories', 'causes', 'severities', 'policies', 'transitions', 'templates', 'rules'] as const;
type Section = (typeof SECTIONS)[number];

/** What an administrator sets of complaints. What is half entered in one part stays when another one is looked at. */
@customElement('allo-complaint-settings')
export class ComplaintSettings extends AlloElement {
  @state() private data: Loading<SettingsData> = LOADING;
  @state() private section: Section = 'categories';

  static override styles = [
    ...AlloElement.styles,
    states,
    css`
      header,
      nav {
        margin-bottom: var(--space-4);
      }
    `,
  ];

  override connectedCallback() {
    super.connectedCallback();
    void this.load();
  }

  private readonly load = async (): Promise<void> => {
    try {
      this.data = ready(await readSettings());
    } catch (err) {
      // what is there, and half entered, is not thrown away for it
      if (this.data.state === 'ready') toast('danger', settingsFault(err));
      else this.data = failed(err);
    }
  };

  override render() {
    return html`<header>
        <h1 tabindex="-1">${t().title}</h1>
        <p class="muted">${t().lead}</p>
      </header>
      ${this.content()}`;
  }

  private content() {
    if (this.data.state === 'loading') return skeleton(8);
    if (this.data.state === 'failed') return trouble(this.data.error, () => void this.load());
    const { value } = this.data;
    const hidden = (section: Section) => this.section !== section;
    return html`<nav class="row wrap" aria-label=${t().parts}>
        ${SECTIONS.map(
          (one) =>
            html`<button
              class="button ${one === this.section ? 'primary' : ''}"
              aria-pressed=${one === this.section}
              @click=${() => (this.section = one)}
            >
              ${t().sections[one]}
            </button>`,
        )}
      </nav>
      <allo-complaint-categories
        ?hidden=${hidden('categories')}
        kind="category"
        .data=${value}
        .reload=${this.load}
      ></allo-complaint-categories>
      <allo-complaint-categories ?hidden=${hidden('causes')} kind="cause" .data=${value} .reload=${this.load}></allo-complaint-categories>
      <allo-complaint-severities ?hidden=${hidden('severities')} .data=${value} .reload=${this.load}></allo-complaint-severities>
      <allo-complaint-policies ?hidden=${hidden('policies')} .data=${value} .reload=${this.load}></allo-complaint-policies>
      <allo-complaint-transitions ?hidden=${hidden('transitions')} .data=${value} .reload=${this.load}></allo-complaint-transitions>
      <allo-complaint-templates ?hidden=${hidden('templates')} .data=${value} .reload=${this.load}></allo-complaint-templates>
      <allo-complaint-rules ?hidden=${hidden('rules')} .data=${value} .reload=${this.load}></allo-complaint-rules>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'allo-complaint-settings': ComplaintSettings;
  }
}
