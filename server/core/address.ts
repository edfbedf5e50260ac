/** A postal address written alike, whoever typed it. Pure: nothing is looked up, nothing is guessed. */

/** Whole words, folded, and how they are written. */
const SHORT: readonly (readonly [RegExp, string])[] = [
  [/(?<![\p{L}\d])(?:город|гор\.?|г\.?)\s*(?=\p{Lu})/giu, 'г. '],
  [/(?<![\p{L}\d])(?:улица|ул\.?)(?=\s|$|,)\s*/giu, 'ул. '],
  [/(?<![\p{L}\d])(?:проспект|просп\.?|пр-кт|пр-т)(?=\s|$|,|\.)\.?\s*/giu, 'пр-т '],
  [/(?<![\p{L}\d])(?:переулок|пер\.?)(?=\s|$|,)\s*/giu, 'пер. '],
  [/(?<![\p{L}\d])(?:бульвар|бул\.?|б-р)(?=\s|$|,)\s*/giu, 'б-р '],
  [/(?<![\p{L}\d])(?:набережная|наб\.?)(?=\s|$|,)\s*/giu, 'наб. '],
  [/(?<![\p{L}\d])(?:площадь|пл\.?)(?=\s|$|,)\s*/giu, 'пл. '],
  [/(?<![\p{L}\d])(?:шоссе|ш\.)(?=\s|$|,)\s*/giu, 'ш. '],
  [/(?<![\p{L}\d])(?:дом|д\.?)\s*(?=\d)/giu, 'д. '],
  [/(?<![\p{L}\d])(?:корпус|корп\.?|кор\.)\s*(?=[\d\p{L}])/giu, 'корп. '],
  [/(?<![\p{L}\d])(?:строение|стр\.?)\s*(?=\d)/giu, 'стр. '],
  [/(?<![\p{L}\d])(?:квартира|кв\.?)\s*(?=\d)/giu, 'кв. '],
  [/(?<![\p{L}\d])(?:офис|оф\.?)\s*(?=[\d\p{L}]*\d)/giu, 'оф. '],
];

/** "г Пермь , улица Ленина,дом 5  кв12" is "г. Пермь, ул. Ленина, д. 5, кв. 12". What it does not know stays as it was typed. */
export const tidyAddress = (text: string): string => {
  let tidy = text.normalize('NFC').replace(/\s+/g, ' ').replace(/\s*[,;]\s*/g, ', '); // prettier-ignore
  for (const [words, short] of SHORT) tidy = tidy.replace(words, short);
  return tidy
    .replace(/(?<=\d\p{L}?)\s+(?=(?:корп|стр|кв|оф)\. )/gu, ', ')
    .replace(/\s+/g, ' ')
    .replace(/ ,/g, ',')
    .replace(/(?:, )+/g, ', ')
    .replace(/^[, ]+|[, ]+$/g, '');
};

/** What stands before or behind a city in an address and is none. */
const NO_CITY =
  /(?<![\p{L}\d])(?:россия|рф|обл|область|край|респ|республика|р-н|район|ул|пр-т|пер|б-р|наб|пл|ш|мкр|снт|пос|д|дер|с|село|деревня|посёлок)(?![\p{L}\d])/iu;

/** The city that an address names, as it is written there; '' when none can be told. */
export const cityOf = (address: string): string => {
  const parts = tidyAddress(address).split(', ');
  const said = parts.find((part) => part.startsWith('г. '));
  if (said) return said.slice(3).trim();
  return parts.find((part) => /^\p{Lu}[\p{L} -]{1,58}$/u.test(part) && !NO_CITY.test(part)) ?? '';
};
