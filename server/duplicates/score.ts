import type { Reason } from './contract.ts';

/** How likely two cards are one client, and why. Pure. */

export interface Likeness {
  kind: 'company' | 'person';
  words: readonly string[];
  company: string;
  city: string;
  phones: readonly string[];
  emails: readonly string[];
  inn: string;
  birthday: string;
}

/** From here on a pair is worth a look. */
export const LIKELY = 40;

const FOR: Readonly<Record<Reason, number>> = { inn: 60, phone: 40, email: 40, name: 35, 'near-name': 20, city: 10, birthday: 20, company: 10 }; // prettier-ignore
/** A company's name is its own more than a person's. */
const COMPANY_NAME = 45;
const AGAINST = { name: 25, inn: 50, birthday: 40, city: 10 } as const;

/** One slip of the finger apart, of words that are long enough; or an initial. */
const nearWord = (a: string, b: string): boolean => {
  const [short, long] = a.length <= b.length ? [a, b] : [b, a];
  if (short.length === 1) return long.startsWith(short);
  if (short.length < 4 || long.length - short.length > 1) return false;
  let i = 0;
  while (i < short.length && short[i] === long[i]) i++;
  if (short.length < long.length) return short.slice(i) === long.slice(i + 1);
  const swapped = short[i] === long[i + 1] && short[i + 1] === long[i] && short.slice(i + 2) === long.slice(i + 2);
  return short.slice(i + 1) === long.slice(i + 1) || swapped;
};

/** Whatever the order of the words; a name that has a part more (a father's name) is near. */
const names = ({ kind, words }: Likeness, other: Likeness): 'same' | 'near' | 'other' | 'unknown' => {
  if (words.length === 0 || other.words.length === 0) return 'unknown';
  const [few, many] = words.length <= other.words.length ? [words, other.words] : [other.words, words];
  const left = [...many];
  let exact = 0;
  for (const word of few) {
    const same = left.indexOf(word);
    const at = same >= 0 ? same : left.findIndex((each) => nearWord(word, each));
    if (at < 0) return 'other';
    if (same >= 0) exact++;
    left.splice(at, 1);
  }
  if (exact === few.length && left.length === 0) return 'same';
  return few.length >= 2 || kind === 'company' ? 'near' : 'unknown';
};

const shared = (a: readonly string[], b: readonly string[]): boolean => a.some((one) => b.includes(one));

/** 0 to 100. A person and a company are never one. */
export const likeness = (a: Likeness, b: Likeness): { score: number; reasons: Reason[] } => {
  if (a.kind !== b.kind) return { score: 0, reasons: [] };
  const reasons: Reason[] = [];
  let against = 0;
  const compare = (reason: 'inn' | 'birthday' | 'city') => {
    if (a[reason] === '' || b[reason] === '') return;
    if (a[reason] === b[reason]) reasons.push(reason);
    else against += AGAINST[reason];
  };
  compare('inn');
  if (shared(a.phones, b.phones)) reasons.push('phone');
  if (shared(a.emails, b.emails)) reasons.push('email');
  const named = names(a, b);
  if (named === 'same') reasons.push('name');
  else if (named === 'near') reasons.push('near-name');
  else if (named === 'other' && !reasons.includes('inn')) against += AGAINST.name;
  compare('city');
  if (a.kind === 'person') compare('birthday');
  if (a.kind === 'person' && a.company !== '' && a.company === b.company) reasons.push('company');
  const worth = (reason: Reason) => (reason === 'name' && a.kind === 'company' ? COMPANY_NAME : FOR[reason]);
  const score = reasons.reduce((sum, reason) => sum + worth(reason), -against);
  return { score: Math.max(0, Math.min(100, score)), reasons };
};
