import { ApiError } from './api.ts';
import { errorText } from './error-words.ts';
import { defineStrings } from './i18n.ts';

/** Why the telephone system, or the server before it, did not carry out an order: by `reason` of the refusal, or the code of the field. */
const words = defineStrings({
  en: {
    not_in_call: 'You are no longer in this call.',
    not_talking: 'Nobody is talking in this call.',
    ended: 'The call is over.',
    no_extension: 'There is no phone to ring: no extension is set.',
    not_a_number: 'This number cannot be dialled.',
    unsupported: 'Your phone does not heed this from here. Use its own keys.',
    unreachable: 'Not reached: busy, switched off, or no such number. You are back with the caller.',
    recording: 'This call is being recorded already.',
    not_recording: 'This call is not being recorded.',
  },
  ru: {
    not_in_call: 'Вы уже не в этом разговоре.',
    not_talking: 'В этом звонке сейчас никто не разговаривает.',
    ended: 'Звонок уже завершён.',
    no_extension: 'Звонить некуда: внутренний номер не задан.',
    not_a_number: 'Этот номер набрать нельзя.',
    unsupported: 'Ваш телефон не слушается отсюда. Нажмите кнопку на нём.',
    unreachable: 'Не дозвонились: занято, выключен или такого номера нет. Вы снова с клиентом.',
    recording: 'Этот разговор уже записывается.',
    not_recording: 'Этот разговор не записывается.',
  },
});

export const unreached = (): string => words().unreachable;

/** What to tell the user when an order to a call failed. */
export const orderFault = (err: unknown): string => {
  if (!(err instanceof ApiError)) return errorText(err);
  const issues = Array.isArray(err.data.issues) ? (err.data.issues as { code?: unknown }[]) : [];
  const known: Record<string, string> = words();
  for (const reason of [err.data.reason, ...issues.map(({ code }) => code)])
    if (typeof reason === 'string' && Object.hasOwn(known, reason)) return known[reason]!;
  return errorText(err);
};
