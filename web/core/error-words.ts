import { ApiError } from './api.ts';
import { defineStrings } from './i18n.ts';

/** The server's closed set, and `offline` of our own. */
export type ErrorCode =
  | 'invalid'
  | 'unauthenticated'
  | 'forbidden'
  | 'not_found'
  | 'conflict'
  | 'too_large'
  | 'too_many'
  | 'pbx_refused'
  | 'unavailable'
  | 'pbx_unavailable'
  | 'pbx_timeout'
  | 'internal'
  | 'offline';

type Words = Record<ErrorCode, string>;

export const errorWords = defineStrings<Words & { incident: (id: string) => string }>({
  en: {
    invalid: 'Something in the form is not right. Check the fields and try again.',
    unauthenticated: 'Your session has ended. Sign in again.',
    forbidden: 'You have no access to this. Ask your supervisor.',
    not_found: 'This does not exist, or it is not for you to see.',
    conflict: 'Somebody changed this meanwhile.',
    too_large: 'This is too long.',
    too_many: 'Too many attempts. Wait a little and try again.',
    pbx_refused: 'The telephone system refused. Check that your phone is on and free.',
    unavailable: 'The server is busy or restarting. Try again in a moment.',
    pbx_unavailable: 'No connection to the telephone system.',
    pbx_timeout: 'The telephone system did not answer in time. Check your phone before trying again.',
    internal: 'Something broke on the server.',
    offline: 'The server cannot be reached. Check the network.',
    incident: (id) => `Incident ${id}`,
  },
  ru: {
    invalid: 'В форме что-то не так. Проверьте поля и попробуйте ещё раз.',
    unauthenticated: 'Сеанс закончился. Войдите снова.',
    forbidden: 'У вас нет доступа. Обратитесь к супервизору.',
    not_found: 'Этого нет, или у вас нет прав это видеть.',
    conflict: 'Кто-то уже изменил эти данные.',
    too_large: 'Слишком длинно.',
    too_many: 'Слишком много попыток. Подождите немного и попробуйте снова.',
    pbx_refused: 'АТС отказала. Проверьте, что ваш телефон включён и свободен.',
    unavailable: 'Сервер занят или перезапускается. Попробуйте через минуту.',
    pbx_unavailable: 'Нет связи с АТС.',
    pbx_timeout: 'АТС не ответила вовремя. Посмотрите на телефон, прежде чем пробовать снова.',
    internal: 'На сервере произошла ошибка.',
    offline: 'Сервер недоступен. Проверьте сеть.',
    incident: (id) => `Номер ошибки: ${id}`,
  },
});

/** What to tell the user; an incident's number is added, so that it can be found in the server's log. */
export const errorText = (err: unknown): string => {
  if (!(err instanceof ApiError)) return errorWords().internal;
  const words = errorWords()[err.code] ?? errorWords().internal;
  return err.code === 'internal' && typeof err.data.id === 'string' ? `${words} ${errorWords().incident(err.data.id)}` : words;
};
