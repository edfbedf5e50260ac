import { isLive } from '../phone.ts';
import type { PhoneState } from '../phone.ts';

/** Answers by itself what asks for it, once a call, and never beside another call. */
export class AutoAnswer {
  private asked = '';
  private timer: ReturnType<typeof setTimeout> | undefined;
  private readonly answer: (id: string) => void;

  constructor(answer: (id: string) => void) {
    this.answer = answer;
  }

  /** @param wanted the page has allowed it */
  look(state: PhoneState, wanted: boolean): void {
    const live = state.calls.filter(isLive);
    const call = live.length === 1 && wanted && state.here ? live[0]! : null;
    if (call?.state !== 'ringing' || call.answerAfter === null) {
      clearTimeout(this.timer);
      return;
    }
    if (call.id === this.asked) return;
    this.asked = call.id;
    this.timer = setTimeout(() => this.answer(call.id), call.answerAfter * 1000);
  }
}
