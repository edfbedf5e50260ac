import { LitElement } from 'lit';
import { locale } from '../core/i18n.ts';
import { Select } from '../core/store.ts';
import { base, controls } from './styles.ts';

/** What all elements of the screen are made of: the shared clothes, and a new look when the language changes. */
export abstract class AlloElement extends LitElement {
  static override styles = [base, controls];

  constructor() {
    super();
    new Select(this, locale, (l) => l);
  }

  /** An event that leaves the element and is heard through any shadow root. */
  protected emit<T>(name: string, detail?: T): void {
    this.dispatchEvent(new CustomEvent(name, { detail, bubbles: true, composed: true }));
  }
}
