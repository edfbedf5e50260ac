import type { ClientDraft } from '../clients/contract.ts';
import { CLIENT_NOTES, EN, POSITIONS, RU } from './names.ts';
import type { Random } from './random.ts';

type Draft = Required<Omit<ClientDraft, 'roles' | 'custom'>>;

const LATIN: Readonly<Record<string, string>> = Object.fromEntries(
  'а a|б b|в v|г g|д d|е e|ё e|ж zh|з z|и i|й y|к k|л l|м m|н n|о o|п p|р r|с s|т t|у u|ф f|х kh|ц ts|ч ch|ш sh|щ sch|ъ |ы y|ь |э e|ю yu|я ya'
    .split('|')
    .map((pair) => pair.split(' ') as [string, string]),
);
const latin = (text: string): string =>
  [...text.toLowerCase()].map((letter) => LATIN[letter] ?? letter).join('').replace(/[^a-z0-9]/g, ''); // prettier-ignore

/**
 * Numbers that nobody has: local numbers of Russian cities never begin with 0, the mobile codes are not given out; the foreign ones are the ranges
 * that Ofcom (UK) and NANPA (US) keep for fiction.
 */
const number = (random: Random, language: 'ru' | 'en', landline: boolean): string => {
  const digits = (count: number) => Array.from({ length: count }, () => random.int(0, 9)).join('');
  if (language === 'ru')
    return landline
      ? `7${random.pick(['495', '499', '812', '343'])}000${digits(4)}`
      : `7${random.pick(['907', '935', '945', '975'])}${digits(7)}`;
  const city = random.pick(['207946', '113496', '117496', '121496', '131496', '141496', '151496', '161496']);
  if (random.chance(0.7)) return `44${city}0${digits(3)}`;
  return `1${random.pick(['202', '212', '303', '312', '404', '415', '503', '512', '602', '617', '702', '713', '808', '919'])}55501${digits(2)}`;
};

/** As people write it down. */
const spelled = (random: Random, digits: string, landline: boolean): string => {
  if (!digits.startsWith('7')) {
    const [code, rest] = digits.startsWith('1') ? ['1', digits.slice(1)] : ['44', digits.slice(2)];
    return random.pick([`+${digits}`, `+${code} ${rest.slice(0, 3)} ${rest.slice(3, 6)} ${rest.slice(6)}`, `00${digits}`]);
  }
  const [area, a, b, c] = [digits.slice(1, 4), digits.slice(4, 7), digits.slice(7, 9), digits.slice(9)];
  const text = random.pick([
    `+${digits}`,
    `8${digits.slice(1)}`,
    `+7 (${area}) ${a}-${b}-${c}`,
    `8 (${area}) ${a}-${b}-${c}`,
    `8 ${area} ${a} ${b} ${c}`,
    `${area}-${a}-${b}-${c}`,
  ]);
  return landline && random.chance(0.3) ? `${text} доб. ${random.int(10, 399)}` : text;
};

const company = (random: Random, language: 'ru' | 'en'): string => {
  const { firstHalves, secondHalves, forms } = language === 'ru' ? RU : EN;
  const [first, second, form] = [random.pick(firstHalves), random.pick(secondHalves), random.pick(forms)];
  return language === 'ru' ? `${form} «${first}${random.chance(0.3) ? '-' : ''}${second}»` : `${first} ${second} ${form}`;
};

const person = (random: Random, language: 'ru' | 'en'): { name: string; first: string; last: string } => {
  const woman = random.chance(0.5);
  const names = language === 'ru' ? RU : EN;
  const first = random.pick(woman ? names.women : names.men);
  const surname = random.pick(names.surnames);
  const last = language === 'ru' && woman ? `${surname}а` : surname;
  const middle = language === 'ru' && random.chance(0.4) ? ` ${random.pick(RU.fathers)}${woman ? 'на' : 'ич'}` : '';
  return { name: language === 'ru' && middle ? `${last} ${first}${middle}` : `${first} ${last}`, first, last };
};

const DOMAINS = ['example.com', 'example.org', 'example.net', 'mail.example.com', 'post.example.org'];

/** One client who might exist. `known` are numbers that others have: now and then two share one. */
export const inventClient = (random: Random, known: readonly string[]): Draft => {
  const language = random.chance(0.75) ? 'ru' : 'en';
  const kind = random.chance(0.35) ? 'company' : 'person';
  const someone = person(random, language);
  const name = kind === 'company' ? company(random, language) : someone.name;
  const count = random.weighted([
    [0, 2],
    [1, 70],
    [2, 22],
    [3, 6],
  ]);
  const phones = Array.from({ length: count }, (_, i) => {
    const landline = random.chance(kind === 'company' ? 0.8 : 0.1);
    if (i === 0 && known.length > 0 && random.chance(0.015)) return { raw: random.pick(known), purpose: '' };
    const purpose = language === 'ru' ? (landline ? 'рабочий' : 'мобильный') : landline ? 'office' : 'mobile';
    return { raw: spelled(random, number(random, language, landline), landline), purpose: random.chance(0.5) ? purpose : '' };
  });
  const box = kind === 'company' ? random.pick(['info', 'office', 'sales', 'zakaz']) : `${latin(someone.first)}.${latin(someone.last)}`;
  const domain =
    kind === 'company' ? `${latin(name.replace(/^(ООО|АО|ЗАО|НПО) | (Ltd|Inc|LLC|plc)$/g, ''))}.example` : random.pick(DOMAINS);
  const works = kind === 'person' && random.chance(0.4);
  return {
    kind,
    name,
    company: works ? company(random, language) : '',
    position: works ? random.pick(POSITIONS[language]) : '',
    note: random.chance(0.1) ? random.pick(CLIENT_NOTES[language]) : '',
    phones,
    emails: random.chance(0.6) ? [{ address: `${box}${kind === 'person' && random.chance(0.4) ? random.int(1, 99) : ''}@${domain}` }] : [],
  };
};

export const inventClients = (random: Random, count: number): Draft[] => {
  const known: string[] = [];
  return Array.from({ length: count }, () => {
    const client = inventClient(random, known);
    known.push(...client.phones.map((phone) => phone.raw));
    return client;
  });
};
