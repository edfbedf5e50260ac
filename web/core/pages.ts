import type { ReactiveController, ReactiveControllerHost } from 'lit';

interface Page<T> {
  items: T[];
  next: string | null;
}

/** A list by key that grows as one reads on. The answer to an older question is dropped. */
export class Pages<T> implements ReactiveController {
  items: readonly T[] = [];
  state: 'loading' | 'more' | 'end' | 'failed' = 'loading';
  error: unknown = null;
  private next: string | null = null;
  /** What is asked, or was asked in vain, is the beginning: its answer takes the place of what is shown. */
  private fresh = true;
  private question = 0;
  private readonly host: ReactiveControllerHost;
  private readonly fetchPage: (after: string | undefined) => Promise<Page<T>>;

  constructor(host: ReactiveControllerHost, fetchPage: (after: string | undefined) => Promise<Page<T>>) {
    this.host = host;
    this.fetchPage = fetchPage;
    host.addController(this);
  }

  hostConnected(): void {}

  /** From the beginning. `keep`: the old rows stay to be seen until the new ones are there. */
  async restart({ keep = false } = {}): Promise<void> {
    this.next = null;
    if (!keep) this.items = [];
    await this.load(true);
  }

  async more(): Promise<void> {
    if (this.state === 'more') await this.load(false);
  }

  async retry(): Promise<void> {
    await this.load(this.fresh);
  }

  private async load(fresh: boolean): Promise<void> {
    const question = ++this.question;
    this.fresh = fresh;
    this.state = 'loading';
    this.host.requestUpdate();
    try {
      const page = await this.fetchPage(this.next ?? undefined);
      if (question !== this.question) return;
      this.items = fresh ? page.items : [...this.items, ...page.items];
      this.next = page.next;
      this.state = page.next ? 'more' : 'end';
    } catch (err) {
      if (question !== this.question) return;
      this.state = 'failed';
      this.error = err;
    }
    this.host.requestUpdate();
  }
}
