import type { parsePhoneNumberFromString } from 'libphonenumber-js/min';
import { createStore } from './store.ts';

type Parse = typeof parsePhoneNumberFromString;

/** The library with the plans of all countries comes after the first screen; until then numbers are grouped simply. */
export const plans = createStore<Parse | null>(null);
let asked = false;

export const loadPlans = (): void => {
  if (asked) return;
  asked = true;
  import('libphonenumber-js/min').then(
    (lib) => plans.set(lib.parsePhoneNumberFromString),
    () => {
      asked = false;
    },
  );
};

const simply = (number: string): string => {
  const russian = /^\+7(\d{3})(\d{3})(\d{2})(\d{2})$/.exec(number);
  return russian ? `+7 ${russian[1]} ${russian[2]} ${russian[3]} ${russian[4]}` : number;
};

/** For the eye only. What is no E.164 number is shown as it came. */
export const formatNumber = (number: string): string => {
  if (!/^\+\d{6,15}$/.test(number)) return number;
  return plans.get()?.(number)?.formatInternational() ?? simply(number);
};

/** Something one could dial: digits with the usual signs between them. */
export const looksDiallable = (text: string): boolean => /^[+*#\d][\d\s()*#.-]*$/.test(text.trim()) && text.replace(/\D/g, '').length >= 2;
