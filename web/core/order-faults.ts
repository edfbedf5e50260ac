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
    acted: 'Another supervisor has just done something here. Look again.',
    not_on_shift: 'This operator is not on shift any more.',
    other_pbx: 'The phone of this operator is at another telephone system.',
    outcome_required: 'The queue demands an outcome of the last call first.',
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
    acted: 'Другой супервизор только что что-то сделал здесь. Посмотрите ещё раз.',
    not_on_shift: 'Этот оператор уже не на смене.',
    other_pbx: 'Телефон этого оператора подключён к другой АТС.',
    outcome_required: 'Очередь сначала требует результат последнего звонка.',
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
    if (typeof reason === 'string' && Object.hasOwn(known, reason))
      return reason === 'acted' && typeof err.data.by === 'string' && err.data.by !== ''
        ? `${err.data.by}: ${known[reason]!}`
        : known[reason]!;
  return errorText(err);
};
