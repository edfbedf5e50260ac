import { defineStrings } from './i18n.ts';

/** The reasons of breaks that Allo ships, by their code. */
const words = defineStrings<Record<string, string>>({
  en: { rest: 'Rest', lunch: 'Lunch', meeting: 'Meeting', training: 'Training', 'desk-work': 'Desk work' },
  ru: { rest: 'Отдых', lunch: 'Обед', meeting: 'Совещание', training: 'Обучение', 'desk-work': 'Работа с документами' },
});

/** What an administrator wrote wins; a code without words is shown as it is. */
export const breakWords = (code: string, label: string | null = null): string => label ?? words()[code] ?? code;
