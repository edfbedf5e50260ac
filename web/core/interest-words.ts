import { defineStrings } from './i18n.ts';

const words = defineStrings({
  en: ['not interested', 'perhaps', 'interested', 'wants it now'],
  ru: ['не интересно', 'возможно', 'интересно', 'нужно сейчас'],
});

/** How strong an interest is, 0 to 3; '' for what is no strength. */
export const strengthWords = (strength: unknown): string => (typeof strength === 'number' ? (words()[strength] ?? '') : '');
