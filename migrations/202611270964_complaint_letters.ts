import type { Knex } from 'knex';

export const config = { transaction: false };

/** What a complaint may be closed with; the administrator changes them as any other template. */
const LETTERS = [
  { language: 'en', name: 'Thanks', subject: 'Thank you for telling us', text: 'Good day,\n\nthank you for telling us what went wrong (complaint {number}). We have put it right, and changed how we work so that it does not happen again.\n\nWe are glad that you are our client.' },
  { language: 'en', name: 'Apology', subject: 'We apologise', text: 'Good day,\n\nwe have let you down, and we are sorry for it. What happened should not have happened.\n\nWe have put it right. If anything is still not as it should be, answer this letter.' },
  { language: 'ru', name: 'Благодарность', subject: 'Спасибо, что сказали нам', text: 'Здравствуйте!\n\nСпасибо, что рассказали, что было не так (жалоба {number}). Мы это исправили и изменили свою работу, чтобы это не повторилось.\n\nМы рады, что вы с нами.' },
  { language: 'ru', name: 'Извинение', subject: 'Приносим извинения', text: 'Здравствуйте!\n\nМы вас подвели и просим за это прощения. Того, что случилось, не должно было быть.\n\nМы всё исправили. Если что-то ещё не так, ответьте на это письмо.' },
]; // prettier-ignore

export async function up(db: Knex): Promise<void> {
  for (const letter of LETTERS) {
    const had = await db('complaint_templates').where({ language: letter.language, name: letter.name }).first('id');
    if (!had) await db('complaint_templates').insert(letter);
  }
}

export const down = async (db: Knex): Promise<void> => {
  for (const { language, name, text } of LETTERS) await db('complaint_templates').where({ language, name, text }).delete();
};
