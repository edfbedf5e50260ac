import { html } from 'lit';
import type { TemplateResult } from 'lit';
import { createStore } from '../core/store.ts';
import { skeleton, trouble } from '../ui/states.ts';

/** Rises when the code of a page has come, or could not: the shell draws again. */
export const lazyPages = createStore(0);

/** A page whose code is fetched when it is first opened, so that the first load does not carry it. */
export const lazyPage = (load: () => Promise<unknown>) => {
  let state: 'unasked' | 'asked' | 'here' = 'unasked';
  let failure: unknown = null;
  const ask = () => {
    state = 'asked';
    failure = null;
    const done = () => lazyPages.update((n) => n + 1);
    load().then(
      () => {
        state = 'here';
        done();
      },
      (err: unknown) => {
        failure = err;
        done();
      },
    );
  };
  return (page: () => TemplateResult): TemplateResult => {
    if (state === 'here') return page();
    if (state === 'unasked') ask();
    if (failure === null) return html`<div class="panel">${skeleton(9)}</div>`;
    const retry = () => {
      ask();
      lazyPages.update((n) => n + 1);
    };
    return html`<div class="panel">${trouble(failure, retry, true)}</div>`;
  };
};
