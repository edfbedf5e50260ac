import { css, html, LitElement, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { devices } from '../devices/devices.ts';
import { LevelMeter } from '../devices/meter.ts';
import { problemOfMicrophone } from '../devices/microphone.ts';
import type { DeviceUse } from '../devices/settings.ts';
import type { PhoneProblem } from '../phone.ts';
import { Ringer } from './ringer.ts';
import type { Tone } from './ringer.ts';
import type { Strings } from './strings.ts';
import { styles } from './styles.ts';

/** Long enough to hear where it comes from. */
const SAMPLE_MS = 2_000;

/**
 * Devices, volumes and their test: a part of <allo-softphone>.
 * @fires settings-echo - the echo is to be called
 */
@customElement('allo-softphone-settings')
export class AlloSoftphoneSettings extends LitElement {
  static override styles = [
    ...styles,
    css`
      :host {
        min-width: 0;
        max-width: none;
      }
      .settings {
        display: grid;
        gap: var(--_3);
      }
      .field {
        display: grid;
        gap: var(--_1);
      }
      .row {
        display: grid;
        grid-template-columns: 1fr auto;
        align-items: center;
        gap: var(--_2);
      }
      select {
        width: 100%;
        min-width: 0;
        min-height: 38px;
        padding: 0 var(--_2);
        border: 1px solid var(--_text-muted);
        border-radius: var(--_radius);
        background: var(--_surface);
        color: var(--_text);
        font: inherit;
        font-size: 14px;
        text-overflow: ellipsis;
      }
      input[type='range'] {
        min-height: 28px;
        padding: 0;
        border: 0;
        accent-color: var(--_focus);
      }
      .row button,
      .two button {
        min-height: 38px;
        font-size: 13px;
      }
      .row button {
        min-width: 84px;
      }
      .two button {
        padding: var(--_1);
      }
      .meter {
        height: 10px;
        overflow: hidden;
        border: 1px solid var(--_text-muted);
        border-radius: 5px;
      }
      .meter div {
        height: 100%;
        background: var(--_success);
        transform-origin: left;
      }
      .check {
        display: flex;
        align-items: center;
        gap: var(--_2);
        color: var(--_text);
        font-size: 14px;
        font-weight: 400;
      }
      .check input {
        flex: none;
        width: 18px;
        min-height: 18px;
        accent-color: var(--_focus);
      }
    `,
  ];

  @property({ attribute: false }) t!: Strings;
  /** Whether a second caller knocks. */
  @property({ type: Boolean }) callWaiting = false;
  /** There is an echo, and it can be called now. */
  @property({ type: Boolean }) echo = false;
  @property({ type: Boolean }) busy = false;

  @state() private level: number | null = null;
  @state() private problem: PhoneProblem | null = null;

  private readonly meter = new LevelMeter();
  private readonly ringer = new Ringer(() => this.requestUpdate());
  private silence: ReturnType<typeof setTimeout> | undefined;
  private unfollow = () => {};
  private measured = '';

  override connectedCallback(): void {
    super.connectedCallback();
    this.unfollow = devices().follow(() => this.devicesChanged(), true);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.unfollow();
    this.stopMeter();
    clearTimeout(this.silence);
    void this.ringer.close();
  }

  focusFirst(): void {
    void this.updateComplete.then(() => this.shadowRoot?.querySelector('select')?.focus());
  }

  override render() {
    const { t } = this;
    return html`
      <div class="settings" part="settings" role="group" aria-label=${t.settings}>
        ${this.choice('microphone', t.microphone)} ${this.meterView()} ${this.choice('voice', t.voiceOn)}
        ${this.volume('voice', t.voiceVolume, 'ringback')} ${this.choice('ring', t.ringOn)} ${this.volume('ring', t.ringVolume, 'ring')}
        <label class="check"
          ><input
            type="checkbox"
            .checked=${this.callWaiting}
            @change=${(event: Event) => devices().setCallWaiting((event.target as HTMLInputElement).checked)}
          />${t.callWaiting}</label
        >
        ${devices().of('microphone').length === 0 ? html`<p class="muted">${t.noNames}</p>` : nothing}
      </div>
    `;
  }

  private choice(use: DeviceUse, label: string) {
    const chosen = devices().settings.chosen[use];
    const present = devices().present(use);
    const list = devices().of(use);
    return html`<div class="field">
      <label for=${use}>${label}</label>
      <select id=${use} @change=${(event: Event) => this.choose(use, (event.target as HTMLSelectElement).value)}>
        <option value="" ?selected=${!chosen}>${this.t.systemDevice}</option>
        ${list.map(({ id, label: name }) => html`<option value=${id} ?selected=${id === present?.id}>${name || this.t.unnamed}</option>`)}
        ${chosen && !present ? html`<option value=${chosen.id} selected disabled>${this.t.unplugged(chosen.label)}</option>` : nothing}
      </select>
    </div>`;
  }

  private volume(use: 'voice' | 'ring', label: string, tone: Tone) {
    return html`<div class="field">
      <label for="volume-${use}">${label}</label>
      <div class="row">
        <input
          id="volume-${use}"
          type="range"
          min="0"
          max="100"
          step="5"
          .value=${String(Math.round(devices().volume(use) * 100))}
          @input=${(event: Event) => devices().setVolume(use, Number((event.target as HTMLInputElement).value) / 100)}
        />
        <button type="button" aria-label="${this.t.tryIt}: ${label}" @click=${() => void this.sample(tone)}>${this.t.tryIt}</button>
      </div>
    </div>`;
  }

  private meterView() {
    const { t, level } = this;
    return html`<div class="field">
      <div class="two">
        <button
          type="button"
          aria-pressed=${level === null ? 'false' : 'true'}
          ?disabled=${this.busy}
          @click=${() => void this.toggleMeter()}
        >
          ${level === null ? t.testMicrophone : t.stopTest}
        </button>
        <button type="button" ?disabled=${!this.echo} @click=${() => this.dispatchEvent(new CustomEvent('settings-echo'))}>
          ${t.echoCall}
        </button>
      </div>
      ${
        level === null
          ? nothing
          : html`<div class="meter" role="meter" aria-label=${t.level} aria-valuemin="0" aria-valuemax="100" aria-valuenow=${level}>
                <div style="transform: scaleX(${level / 100})"></div>
              </div>
              <p class="muted">${t.speakNow}</p>`
      }
      ${this.problem ? html`<p class="error" role="alert">${t.problem[this.problem]}</p>` : nothing}
    </div>`;
  }

  private choose(use: DeviceUse, id: string): void {
    const device = devices()
      .of(use)
      .find((each) => each.id === id);
    devices().choose(use, device ?? null);
  }

  private async sample(tone: Tone): Promise<void> {
    clearTimeout(this.silence);
    this.ringer.play(null);
    if (!(await this.ringer.unlock())) return;
    this.ringer.play(tone);
    this.silence = setTimeout(() => this.ringer.play(null), SAMPLE_MS);
  }

  private async toggleMeter(): Promise<void> {
    if (this.level === null) await this.measure();
    else this.stopMeter();
  }

  private async measure(): Promise<void> {
    this.problem = null;
    this.level = 0;
    try {
      await this.meter.start((level) => (this.level = level));
      this.measured = devices().signature('microphone');
      if (!this.isConnected) this.stopMeter(); // closed while the browser was asking
    } catch (error) {
      this.problem = problemOfMicrophone(error);
      this.level = null;
    }
  }

  private stopMeter(): void {
    this.meter.stop();
    this.level = null;
  }

  private devicesChanged(): void {
    this.ringer.useDevices();
    if (this.level !== null && this.measured !== '' && this.measured !== devices().signature('microphone')) void this.measure();
    this.requestUpdate();
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'allo-softphone-settings': AlloSoftphoneSettings;
  }
}
