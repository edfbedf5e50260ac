import type { PhoneProblem } from '../phone.ts';

/** Why the far end did not take our call, by the status of its answer (RFC 3261 section 21; Asterisk's cause codes end up in these). */
export function problemOfStatus(status: number): PhoneProblem {
  switch (status) {
    case 486:
    case 600:
      return 'busy';
    case 408:
    case 480:
    case 487:
      return 'no-answer';
    case 404:
    case 410:
    case 484:
    case 604:
      return 'not-found';
    case 415:
    case 488:
    case 606:
      return 'media-failed';
    default:
      return 'refused';
  }
}

/** Whether a CANCEL means that another phone took the call (RFC 3326, as Asterisk sends it). */
export const answeredElsewhere = (reason: string | undefined): boolean => /cause=200\b|cause=26\b|completed elsewhere/i.test(reason ?? '');
