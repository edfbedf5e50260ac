/**
 * The geographic (ABC) codes of Russia's numbering plan: which federal subject a landline stands in, and its time zone. The longest code that
 * fits counts. Null zone: the subject has several and the code does not tell which.
 */
type Subject = readonly [codes: string, en: string, ru: string, timeZone: string | null];

const MOSCOW = 'Europe/Moscow';
const URALS = 'Asia/Yekaterinburg';

const SUBJECTS: readonly Subject[] = [
  ['301', 'Buryatia', 'Бурятия', 'Asia/Irkutsk'],
  ['302', 'Zabaykalsky Krai', 'Забайкальский край', 'Asia/Chita'],
  ['341', 'Udmurtia', 'Удмуртия', 'Europe/Samara'],
  ['342', 'Perm Krai', 'Пермский край', URALS],
  ['343', 'Sverdlovsk Oblast', 'Свердловская область', URALS],
  ['345', 'Tyumen Oblast', 'Тюменская область', URALS],
  ['346', 'Khanty-Mansi Autonomous Okrug', 'Ханты-Мансийский автономный округ', URALS],
  ['347', 'Bashkortostan', 'Башкортостан', URALS],
  ['349', 'Yamalo-Nenets Autonomous Okrug', 'Ямало-Ненецкий автономный округ', URALS],
  ['351', 'Chelyabinsk Oblast', 'Челябинская область', URALS],
  ['352', 'Kurgan Oblast', 'Курганская область', URALS],
  ['353', 'Orenburg Oblast', 'Оренбургская область', URALS],
  ['365', 'Crimea', 'Крым', 'Europe/Simferopol'],
  ['381', 'Omsk Oblast', 'Омская область', 'Asia/Omsk'],
  ['382', 'Tomsk Oblast', 'Томская область', 'Asia/Tomsk'],
  ['383', 'Novosibirsk Oblast', 'Новосибирская область', 'Asia/Novosibirsk'],
  ['384', 'Kemerovo Oblast', 'Кемеровская область', 'Asia/Novokuznetsk'],
  ['385', 'Altai Krai', 'Алтайский край', 'Asia/Barnaul'],
  ['388', 'Altai Republic', 'Республика Алтай', 'Asia/Barnaul'],
  ['390', 'Khakassia', 'Хакасия', 'Asia/Krasnoyarsk'],
  ['391', 'Krasnoyarsk Krai', 'Красноярский край', 'Asia/Krasnoyarsk'],
  ['394', 'Tuva', 'Тыва', 'Asia/Krasnoyarsk'],
  ['395', 'Irkutsk Oblast', 'Иркутская область', 'Asia/Irkutsk'],
  ['401', 'Kaliningrad Oblast', 'Калининградская область', 'Europe/Kaliningrad'],
  ['411', 'Sakha (Yakutia)', 'Саха (Якутия)', null],
  ['4112', 'Sakha (Yakutia)', 'Саха (Якутия)', 'Asia/Yakutsk'],
  ['413', 'Magadan Oblast', 'Магаданская область', 'Asia/Magadan'],
  ['415', 'Kamchatka Krai', 'Камчатский край', 'Asia/Kamchatka'],
  ['416', 'Amur Oblast', 'Амурская область', 'Asia/Yakutsk'],
  ['421', 'Khabarovsk Krai', 'Хабаровский край', 'Asia/Vladivostok'],
  ['423', 'Primorsky Krai', 'Приморский край', 'Asia/Vladivostok'],
  ['424', 'Sakhalin Oblast', 'Сахалинская область', 'Asia/Sakhalin'],
  ['426', 'Jewish Autonomous Oblast', 'Еврейская автономная область', 'Asia/Vladivostok'],
  ['427', 'Chukotka', 'Чукотский автономный округ', 'Asia/Anadyr'],
  ['471', 'Kursk Oblast', 'Курская область', MOSCOW],
  ['472', 'Belgorod Oblast', 'Белгородская область', MOSCOW],
  ['473', 'Voronezh Oblast', 'Воронежская область', MOSCOW],
  ['474', 'Lipetsk Oblast', 'Липецкая область', MOSCOW],
  ['475', 'Tambov Oblast', 'Тамбовская область', MOSCOW],
  ['481', 'Smolensk Oblast', 'Смоленская область', MOSCOW],
  ['482', 'Tver Oblast', 'Тверская область', MOSCOW],
  ['483', 'Bryansk Oblast', 'Брянская область', MOSCOW],
  ['484', 'Kaluga Oblast', 'Калужская область', MOSCOW],
  ['485', 'Yaroslavl Oblast', 'Ярославская область', MOSCOW],
  ['486', 'Oryol Oblast', 'Орловская область', MOSCOW],
  ['487', 'Tula Oblast', 'Тульская область', MOSCOW],
  ['491', 'Ryazan Oblast', 'Рязанская область', MOSCOW],
  ['492', 'Vladimir Oblast', 'Владимирская область', MOSCOW],
  ['493', 'Ivanovo Oblast', 'Ивановская область', MOSCOW],
  ['494', 'Kostroma Oblast', 'Костромская область', MOSCOW],
  ['495 499', 'Moscow', 'Москва', MOSCOW],
  ['496 498', 'Moscow Oblast', 'Московская область', MOSCOW],
  ['811', 'Pskov Oblast', 'Псковская область', MOSCOW],
  ['812', 'Saint Petersburg', 'Санкт-Петербург', MOSCOW],
  ['813', 'Leningrad Oblast', 'Ленинградская область', MOSCOW],
  ['814', 'Karelia', 'Карелия', MOSCOW],
  ['815', 'Murmansk Oblast', 'Мурманская область', MOSCOW],
  ['816', 'Novgorod Oblast', 'Новгородская область', MOSCOW],
  ['817 820', 'Vologda Oblast', 'Вологодская область', MOSCOW],
  ['818', 'Arkhangelsk Oblast', 'Архангельская область', MOSCOW],
  ['81853', 'Nenets Autonomous Okrug', 'Ненецкий автономный округ', MOSCOW],
  ['821', 'Komi', 'Коми', MOSCOW],
  ['831', 'Nizhny Novgorod Oblast', 'Нижегородская область', MOSCOW],
  ['833', 'Kirov Oblast', 'Кировская область', 'Europe/Kirov'],
  ['834', 'Mordovia', 'Мордовия', MOSCOW],
  ['835', 'Chuvashia', 'Чувашия', MOSCOW],
  ['836', 'Mari El', 'Марий Эл', MOSCOW],
  ['841', 'Penza Oblast', 'Пензенская область', MOSCOW],
  ['842', 'Ulyanovsk Oblast', 'Ульяновская область', 'Europe/Ulyanovsk'],
  ['843 855', 'Tatarstan', 'Татарстан', MOSCOW],
  ['844', 'Volgograd Oblast', 'Волгоградская область', 'Europe/Volgograd'],
  ['845', 'Saratov Oblast', 'Саратовская область', 'Europe/Saratov'],
  ['846 848', 'Samara Oblast', 'Самарская область', 'Europe/Samara'],
  ['847', 'Kalmykia', 'Калмыкия', MOSCOW],
  ['851', 'Astrakhan Oblast', 'Астраханская область', 'Europe/Astrakhan'],
  ['861 862', 'Krasnodar Krai', 'Краснодарский край', MOSCOW],
  ['863', 'Rostov Oblast', 'Ростовская область', MOSCOW],
  ['865 879', 'Stavropol Krai', 'Ставропольский край', MOSCOW],
  ['866', 'Kabardino-Balkaria', 'Кабардино-Балкария', MOSCOW],
  ['867', 'North Ossetia', 'Северная Осетия', MOSCOW],
  ['869', 'Sevastopol', 'Севастополь', 'Europe/Simferopol'],
  ['871', 'Chechnya', 'Чечня', MOSCOW],
  ['872', 'Dagestan', 'Дагестан', MOSCOW],
  ['873', 'Ingushetia', 'Ингушетия', MOSCOW],
  ['877', 'Adygea', 'Адыгея', MOSCOW],
  ['878', 'Karachay-Cherkessia', 'Карачаево-Черкесия', MOSCOW],
];

export interface RussianArea {
  readonly region: { readonly en: string; readonly ru: string };
  readonly timeZone: string | null;
}

const BY_CODE: ReadonlyMap<string, RussianArea> = new Map(
  SUBJECTS.flatMap(([codes, en, ru, timeZone]) => codes.split(' ').map((code) => [code, { region: { en, ru }, timeZone }] as const)),
);

/** `national`: the ten digits behind +7. */
export const russianArea = (national: string): RussianArea | null => {
  for (const length of [5, 4, 3]) {
    const area = BY_CODE.get(national.slice(0, length));
    if (area) return area;
  }
  return null;
};
