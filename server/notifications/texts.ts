import type { NotificationKind } from './contract.ts';

/** The words of each kind. {name} stands for what the event brings along; what it does not bring is nothing. */
export const TEXTS: Readonly<Record<NotificationKind, { ru: string; en: string }>> = {
  'task-assigned': { en: 'You have been given a task: {text}', ru: 'Вам поручена задача: {text}' },
  'task-due': { en: 'The task is due: {text}', ru: 'Пора сделать: {text}' },
  'task-overdue': { en: 'The task is overdue: {text}', ru: 'Задача просрочена: {text}' },
  'task-mentioned': { en: 'You were mentioned in a task: {text}', ru: 'Вас упомянули в задаче: {text}' },
  'task-returned': { en: 'A task has come back to you: {text}', ru: 'Задача вернулась к вам: {text}' },
  'task-to-accept': { en: 'Done, look at the result: {text}', ru: 'Сделано, примите результат: {text}' },
  'task-move-asked': {
    en: 'A deadline is to be moved once more, with your consent: {text}',
    ru: 'Просят ещё раз перенести срок, нужно ваше согласие: {text}',
  },
  'task-move-granted': { en: 'The new deadline is agreed to: {text}', ru: 'Перенос срока согласован: {text}' },
  'task-move-refused': { en: 'The deadline stays: {text}', ru: 'Перенос срока отклонён: {text}' },
  'call-back-due': { en: 'Time to call back: {text} {phone}', ru: 'Пора перезвонить: {text} {phone}' },
  'call-back-missed': { en: 'A promised call-back was not made: {text} {phone}', ru: 'Обещанный звонок не сделан: {text} {phone}' },
  'complaint-assigned': { en: 'Complaint {number} is yours: {subject}', ru: 'Жалоба {number} поручена вам: {subject}' },
  'complaint-warned': { en: 'Time runs out for complaint {number}: {subject}', ru: 'Истекает срок жалобы {number}: {subject}' },
  'complaint-breached': { en: 'Time has run out for complaint {number}: {subject}', ru: 'Срок жалобы {number} нарушен: {subject}' },
  'lead-untouched': { en: 'A client of yours waits too long: {stage}', ru: 'Ваш клиент ждёт слишком долго: {stage}' },
  'client-given': { en: 'Clients were handed over to you: {count}', ru: 'Вам переданы клиенты: {count}' },
  'oversight-alert': { en: '{name} looks at far more than usual', ru: '{name}: просмотрено намного больше обычного' },
  'break-over': { en: 'Your break is over its limit ({minutes} min)', ru: 'Перерыв дольше разрешённого ({minutes} мин)' },
  invitation: { en: 'You are invited: {text}', ru: 'Вас приглашают: {text}' },
};

export type Params = Readonly<Record<string, string | number>>;

/** Pure. */
export const fillIn = (template: string, params: Params): string =>
  template
    .replace(/\{(\w+)\}/g, (_, name: string) => (Object.hasOwn(params, name) ? String(params[name]) : ''))
    .replace(/[\p{Cc}\s]+/gu, ' ')
    .trim();
