import type { Schedule } from '../../server/reports/contract.ts';
import { defineStrings } from '../core/i18n.ts';

export const mailWords = defineStrings({
  en: {
    byMail: 'By mail',
    heading: 'The report by mail',
    lead: 'The report as it stands on the screen: its queues, operators and columns. Only the period is that of the letter.',
    title: 'Title of the letter',
    address: 'To',
    every: 'How often, and for when',
    everies: {
      daily: 'Daily, for the day before',
      weekly: 'On Mondays, for the week before',
      monthly: 'On the first, for the month before',
    } as Record<Schedule['every'], string>,
    at: 'At',
    save: 'Send by mail',
    saved: 'It will be sent.',
    badAddress: 'This is no e-mail address.',
    mine: 'What is sent already',
    next: (at: string) => `next ${at}`,
    remove: 'Send no longer',
    off: 'Mail is off. The administrator has to set SMTP_URL and MAIL_FROM.',
  },
  ru: {
    byMail: 'По почте',
    heading: 'Отчёт по почте',
    lead: 'Отчёт, как он на экране: его очереди, операторы и колонки. Только период будет свой у каждого письма.',
    title: 'Тема письма',
    address: 'Кому',
    every: 'Как часто и за какое время',
    everies: {
      daily: 'Каждый день, за предыдущий',
      weekly: 'По понедельникам, за прошлую неделю',
      monthly: 'Первого числа, за прошлый месяц',
    },
    at: 'В котором часу',
    save: 'Присылать',
    saved: 'Будет приходить.',
    badAddress: 'Это не адрес электронной почты.',
    mine: 'Что уже приходит',
    next: (at) => `следующее: ${at}`,
    remove: 'Больше не присылать',
    off: 'Почта выключена. Администратор должен задать SMTP_URL и MAIL_FROM.',
  },
});
