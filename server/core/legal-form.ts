/** Names of companies written alike: the form short and in front, the name itself in quotation marks «». Pure. */

const FORMS: readonly (readonly [short: string, long: string])[] = [
  ['ООО', 'общество с ограниченной ответственностью'],
  ['ПАО', 'публичное акционерное общество'],
  ['НАО', 'непубличное акционерное общество'],
  ['ЗАО', 'закрытое акционерное общество'],
  ['ОАО', 'открытое акционерное общество'],
  ['АО', 'акционерное общество'],
  ['ИП', 'индивидуальный предприниматель'],
  ['АНО', 'автономная некоммерческая организация'],
  ['ГУП', 'государственное унитарное предприятие'],
  ['МУП', 'муниципальное унитарное предприятие'],
  ['ФГУП', 'федеральное государственное унитарное предприятие'],
  ['ТОО', 'товарищество с ограниченной ответственностью'],
  ['НПО', 'научно-производственное объединение'],
];
/** Folded, as words of a name are. */
export const LEGAL_FORMS: readonly string[] = FORMS.map(([short]) => short.toLowerCase());
const SHORT = FORMS.map(([short]) => short).join('|');
const AT_FRONT = new RegExp(`^(${SHORT})(?=[\\s"«„“']|$)\\s*`, 'iu');
const AT_END = new RegExp(`[\\s,]+(${SHORT})$`, 'iu');

const unquoted = (text: string): string => {
  const inner = /^["«„“'](.*)["»“”']$/u.exec(text)?.[1];
  return inner !== undefined && !/["«»„“”]/u.test(inner) ? inner.trim() : text;
};

/** `form`: "ООО"; null when none was recognised, and then `name` is as it was typed. */
export const readCompanyName = (text: string): { name: string; form: string | null } => {
  const line = text.replace(/\s+/g, ' ').trim();
  const long = FORMS.find(([, words]) => line.toLowerCase().startsWith(`${words} `));
  const front = long ? null : AT_FRONT.exec(line);
  const end = long || front ? null : AT_END.exec(line);
  const form = long?.[0] ?? (front ?? end)?.[1]?.toUpperCase() ?? null;
  if (form === null) return { name: line, form };
  const rest = long ? line.slice(long[1].length).trim() : front ? line.slice(front[0].length) : line.slice(0, end!.index);
  const own = unquoted(rest.trim());
  if (own === '') return { name: line, form: null };
  if (form === 'ИП') return { name: `ИП ${own}`, form };
  return { name: /["«»„“”]/u.test(own) ? `${form} ${own}` : `${form} «${own}»`, form };
};
