const LATIN = "`qwertyuiop[]asdfghjkl;'zxcvbnm,.";
const RUSSIAN = 'ёйцукенгшщзхъфывапролджэячсмитьбю';

/** What the same keys write on the other layout, Russian or Latin, in lower case. */
export const onOtherLayout = (text: string): string => {
  const lower = text.toLowerCase();
  const [from, to] = /[а-яё]/.test(lower) ? [RUSSIAN, LATIN] : [LATIN, RUSSIAN];
  return [...lower].map((sign) => to[from.indexOf(sign)] ?? sign).join('');
};
