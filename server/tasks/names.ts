/** Whom a line may mean. Pure. */

const WORD = /\p{L}[\p{L}\p{M}'’-]*/gu;
/** They begin what is about something else than the person. */
const STOP = new Set(
  (
    'по о об обо про насчет на в во за для из от до с со к ко и или что чтобы как через после перед при у не ' +
    'about for regarding re on in at of the a an and or with to from by if that when after before'
  ).split(' '),
);
const SKIP = new Set(
  (
    'клиенту клиента клиентом господину госпоже г-ну г-же снова еще раз обязательно срочно ему ей им ' +
    'mr mrs ms client back again please him her them urgently'
  ).split(' '),
);
const fold = (word: string): string => word.toLowerCase().replaceAll('ё', 'е');
const isName = (word: string): boolean => word.length >= 2 && !STOP.has(fold(word)) && !SKIP.has(fold(word));
const MOST = 3;

/** Words behind the call ("call IVAN PETROV about"), as far as they may be a name; then those that begin with a capital. */
export const namesIn = (text: string, behindCall: number | null): string[][] => {
  const all = [...text.matchAll(WORD)].map((match) => ({ word: match[0], from: match.index }));
  const found: string[][] = [];
  if (behindCall !== null) {
    const run: string[] = [];
    for (const { word } of all.filter(({ from }) => from >= behindCall)) {
      const folded = fold(word);
      if (run.length === 0 && (SKIP.has(folded) || ['с', 'со', 'with', 'to', 'для', 'for', 'к'].includes(folded))) continue;
      if (!isName(word) || run.length === MOST) break;
      run.push(word);
    }
    if (run.length > 0) found.push(run);
  }
  let run: string[] = [];
  for (const [i, { word }] of all.entries()) {
    const capital = /^\p{Lu}/u.test(word) && isName(word) && i > 0;
    if (capital) run.push(word);
    if ((!capital || i === all.length - 1) && run.length > 0) {
      found.push(run.slice(0, MOST));
      run = [];
    }
  }
  return found.filter((names, i) => found.findIndex((other) => other.join(' ') === names.join(' ')) === i).slice(0, 4);
};

const ENDINGS = ('иями ыми ими ого его ому ему ами ями ией иям иях ый ий ой ей ою ею ом ем ым им ых их ую юю ая яя ам ям ах ях ии ию ия ' +
  'а я у ю е и ы ь й о').split(' '); // prettier-ignore
const SHORTEST = 3;

/**
 * With what a name may begin that stands in the line in some case: "Ивановой" -> "ивановой", "иванов". The longest first. A vowel that comes and goes
 * ("Павлу", "Павел") is put back last.
 */
export const beginningsOf = (word: string): string[] => {
  const folded = fold(word).replace(/['’]s$/, '');
  if (!/^[а-я-]+$/.test(folded)) return [folded];
  const cut = ENDINGS.filter((ending) => folded.endsWith(ending) && folded.length - ending.length >= SHORTEST)
    .map((ending) => folded.slice(0, folded.length - ending.length))
    .sort((a, b) => b.length - a.length);
  const shortest = cut.at(-1) ?? folded;
  const fleeting = /[бвгджзклмнпрстфхцчшщ]ь?[лнркцв]$/.test(shortest)
    ? ['е', 'о'].map((vowel) => shortest.slice(0, -1).replace(/ь$/, '') + vowel + shortest.slice(-1))
    : [];
  return [...new Set([folded, ...cut, ...fleeting])];
};
