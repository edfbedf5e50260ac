import type { ReactiveController, ReactiveControllerHost } from 'lit';

export interface Store<S> {
  get(): S;
  set(next: S): void;
  update(change: (state: S) => S): void;
  /** @returns unsubscribe. Called after every change, at once. */
  subscribe(listener: (state: S) => void): () => void;
}

export const createStore = <S>(initial: S): Store<S> => {
  let state = initial;
  const listeners = new Set<(state: S) => void>();
  const set = (next: S) => {
    if (Object.is(next, state)) return;
    state = next;
    for (const listener of [...listeners]) listener(state);
  };
  return {
    get: () => state,
    set,
    update: (change) => set(change(state)),
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
};

/** Binds one value picked from a store to an element, which re-renders only when that value changes. */
export class Select<S, V> implements ReactiveController {
  value: V;
  hostConnected: () => void;
  hostDisconnected: () => void = () => {};

  constructor(host: ReactiveControllerHost, store: Store<S>, pick: (state: S) => V) {
    this.value = pick(store.get());
    const read = () => {
      const next = pick(store.get());
      if (Object.is(next, this.value)) return;
      this.value = next;
      host.requestUpdate();
    };
    // read(): it may have changed while detached
    this.hostConnected = () => {
      this.hostDisconnected = store.subscribe(read);
      read();
    };
    host.addController(this);
  }
}
