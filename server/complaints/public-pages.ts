import type { Category } from './contract.ts';

/** The pages that clients see: plain HTML without a script, in the language of their browser. */

type Language = 'ru' | 'en';

const WORDS = {
  en: {
    title: 'Write to us about a problem',
    lead: 'We answer every letter. You will get a number by which we know it.',
    name: 'Your name',
    phone: 'Phone',
    email: 'E-mail',
    reach: 'Leave a phone or an e-mail, so that we can answer.',
    about: 'What is it about',
    subject: 'In a few words',
    text: 'What happened',
    send: 'Send',
    again: 'Please look through it and send it once more.',
    thanks: (number: string) => `Thank you. Your complaint has the number ${number}. We will answer you.`,
    ask: (number: string) => `How did we deal with ${number}?`,
    marks: ['Very badly', 'Badly', 'So-so', 'Well', 'Very well'],
    more: 'What should we have done better',
    reopen: 'My problem is not solved: please go on with it',
    noted: 'Thank you, we have noted it.',
    robots: 'Leave this empty',
    codes: {
      service: 'Service',
      quality: 'Quality of goods',
      delivery: 'Delivery',
      billing: 'Bills and payments',
      staff: 'Behaviour of staff',
      website: 'Website and app',
      other: 'Other',
    } as Record<string, string>,
  },
  ru: {
    title: 'Напишите нам о проблеме',
    lead: 'Мы отвечаем на каждое обращение. Вы получите номер, по которому мы его знаем.',
    name: 'Ваше имя',
    phone: 'Телефон',
    email: 'Почта',
    reach: 'Оставьте телефон или почту, чтобы мы могли ответить.',
    about: 'О чём',
    subject: 'В двух словах',
    text: 'Что случилось',
    send: 'Отправить',
    again: 'Посмотрите ещё раз и отправьте снова.',
    thanks: (number: string) => `Спасибо. Номер вашего обращения ${number}. Мы ответим вам.`,
    ask: (number: string) => `Как мы разобрались с ${number}?`,
    marks: ['Очень плохо', 'Плохо', 'Так себе', 'Хорошо', 'Очень хорошо'],
    more: 'Что нам следовало сделать лучше',
    reopen: 'Проблема не решена: продолжите, пожалуйста',
    noted: 'Спасибо, мы это записали.',
    robots: 'Оставьте пустым',
    codes: {
      service: 'Обслуживание',
      quality: 'Качество товара',
      delivery: 'Доставка',
      billing: 'Счета и оплата',
      staff: 'Поведение сотрудников',
      website: 'Сайт и приложение',
      other: 'Другое',
    } as Record<string, string>,
  },
} as const;

/** Of the header Accept-Language: Russian, or else English. */
export const languageOf = (accepted: string | undefined): Language => (/^\s*(ru|be|uk|kk)\b/i.test(accepted ?? '') ? 'ru' : 'en');

const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
export const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, (sign) => ENTITIES[sign]!);

const STYLE = `body{font:16px/1.5 system-ui,sans-serif;max-width:36rem;margin:2rem auto;padding:0 1rem;color-scheme:light dark}
label,fieldset{display:block;margin:0 0 1rem;border:0;padding:0}input,select,textarea{font:inherit;width:100%;padding:.4rem;box-sizing:border-box}
input[type=radio],input[type=checkbox]{width:auto}textarea{min-height:8rem}button{font:inherit;padding:.5rem 1.25rem}
.error{border-left:4px solid;padding-left:.75rem}.h{position:absolute;left:-100rem}`;

const page = (language: Language, title: string, body: string): string =>
  `<!doctype html><html lang="${language}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${escapeHtml(title)}</title><style>${STYLE}</style></head><body><main><h1>${escapeHtml(title)}</h1>${body}</main></body></html>`; // prettier-ignore

export interface FormValues {
  name: string;
  phone: string;
  email: string;
  categoryId: number;
  subject: string;
  text: string;
}

export const formPage = (
  language: Language,
  categories: readonly Category[],
  stamp: string,
  values: Partial<FormValues> = {},
  failed = false,
): string => {
  const w = WORDS[language];
  const input = (name: keyof FormValues, label: string, type: string, most: number, required = false) =>
    `<label>${label}<input name="${name}" type="${type}" maxlength="${most}" value="${escapeHtml(String(values[name] ?? ''))}"${required ? ' required' : ''}></label>`;
  const options = categories.map((one) => `<option value="${one.id}"${one.id === values.categoryId ? ' selected' : ''}>${escapeHtml(one.label ?? w.codes[one.code ?? ''] ?? one.code ?? '')}</option>`); // prettier-ignore
  return page(
    language,
    w.title,
    `<p>${w.lead}</p>${failed ? `<p class="error" role="alert">${w.again} ${w.reach}</p>` : ''}
<form method="post" action="/api/complaints/form">
<input type="hidden" name="stamp" value="${escapeHtml(stamp)}">
<label class="h" aria-hidden="true">${w.robots}<input name="website" tabindex="-1" autocomplete="off"></label>
${input('name', w.name, 'text', 200, true)}${input('phone', w.phone, 'tel', 60)}${input('email', w.email, 'email', 254)}<p>${w.reach}</p>
<label>${w.about}<select name="categoryId">${options.join('')}</select></label>
${input('subject', w.subject, 'text', 200, true)}
<label>${w.text}<textarea name="text" maxlength="20000">${escapeHtml(values.text ?? '')}</textarea></label>
<button>${w.send}</button></form>`,
  );
};

export const thanksPage = (language: Language, number: string): string =>
  page(language, WORDS[language].title, `<p role="status">${WORDS[language].thanks(number)}</p>`);

export const surveyPage = (language: Language, number: string, token: string): string => {
  const w = WORDS[language];
  const marks = w.marks.map((mark, i) => `<label><input type="radio" name="mark" value="${i + 1}" required> ${mark}</label>`);
  return page(
    language,
    w.ask(number),
    `<form method="post" action="/api/complaints/survey/${token}"><fieldset>${marks.reverse().join('')}</fieldset>
<label>${w.more}<textarea name="text" maxlength="1000"></textarea></label>
<label><input type="checkbox" name="reopen" value="yes"> ${w.reopen}</label><button>${w.send}</button></form>`,
  );
};

export const notedPage = (language: Language): string => page(language, WORDS[language].noted, '');

/** Letters that go by themselves. */
const WHAT = {
  en: { acknowledge: 'to acknowledge', 'first-answer': 'to answer', 'next-answer': 'to answer again', resolve: 'to resolve', 'call-back': 'a promised call-back', corrective: 'a corrective action', handover: 'a hand-over' } as Record<string, string>, // prettier-ignore
  ru: { acknowledge: 'подтвердить получение', 'first-answer': 'ответить', 'next-answer': 'ответить ещё раз', resolve: 'решить', 'call-back': 'обещанный звонок', corrective: 'исправление', handover: 'передача' } as Record<string, string>, // prettier-ignore
};

export const LETTERS = {
  en: {
    alarm: (number: string, subject: string, clock: string, link: string) => ({
      subject: `Complaint ${number}: time is over (${WHAT.en[clock] ?? clock})`,
      text: `Complaint ${number}: "${subject}".\n\nTime is over: ${WHAT.en[clock] ?? clock}.\n\n${link}`,
    }),
    received: (number: string, subject: string) => ({
      subject: `We have your complaint ${number}`,
      text: `Good day,\n\nwe have received your complaint "${subject}". Its number is ${number}. We will answer you.\n\nPlease keep the number in the subject when you write to us.`,
    }),
    survey: (number: string, done: string, link: string) => ({
      subject: `Your complaint ${number}: how did we deal with it?`,
      text: `Good day,\n\nwe consider your complaint ${number} settled.\n\n${done}\n\nTell us how it was, or that the problem is not solved:\n${link}\n\nThank you for telling us.`,
    }),
  },
  ru: {
    alarm: (number: string, subject: string, clock: string, link: string) => ({
      subject: `Жалоба ${number}: время вышло (${WHAT.ru[clock] ?? clock})`,
      text: `Жалоба ${number}: «${subject}».\n\nВремя вышло: ${WHAT.ru[clock] ?? clock}.\n\n${link}`,
    }),
    received: (number: string, subject: string) => ({
      subject: `Мы получили вашу жалобу ${number}`,
      text: `Здравствуйте!\n\nМы получили вашу жалобу «${subject}». Её номер ${number}. Мы вам ответим.\n\nКогда будете писать нам, оставьте номер в теме письма.`,
    }),
    survey: (number: string, done: string, link: string) => ({
      subject: `Ваша жалоба ${number}: как мы разобрались?`,
      text: `Здравствуйте!\n\nМы считаем вашу жалобу ${number} решённой.\n\n${done}\n\nСкажите, как это было, или что проблема не решена:\n${link}\n\nСпасибо, что сказали нам.`,
    }),
  },
} as const;
