import type { Knex } from 'knex';
import type { Customer } from './calls.ts';

/** Round the clock, so that the demo can be tried in the evening too. */
const ROUND = { workdays: { from: 0, to: 1440 }, freeDays: { from: 0, to: 1440 } };
const RULES = {
  hours: ROUND,
  hoursFor: {},
  perNumber: [{ days: 1, most: 3 }],
  perNumberFor: {},
  consentFor: ['ad'],
  humanOnlyFor: ['ad'],
  mobileConsentWhenAutomatic: false,
  abandonedRestHours: 0,
  abandonment: { most: 0.03, windowHours: 24 },
  ringSeconds: 15,
  connectWithinMs: 2000,
};
const SCRIPT = {
  steps: [
    { id: 's1', text: 'Здравствуйте, {имя}! Это сервисный центр. Вам удобно говорить?', kind: 'single', required: true, options: [{ value: 'o1', text: 'Да', next: null }, { value: 'o2', text: 'Нет, перезвоните', next: 'end' }], next: null }, // prettier-ignore
    { id: 's2', text: 'Как вы оцените последний ремонт от 1 до 10?', kind: 'number', required: true, options: [], next: null },
    { id: 's3', text: 'Что нам стоит улучшить?', kind: 'multiple', required: false, options: [{ value: 'o1', text: 'Сроки', next: null }, { value: 'o2', text: 'Цену', next: null }, { value: 'o3', text: 'Вежливость', next: null }], next: null }, // prettier-ignore
    { id: 's4', text: 'Спасибо! Хорошего дня.', kind: 'none', required: false, options: [], next: null },
  ],
  objections: [{ title: 'Откуда у вас мой номер?', text: 'Вы были у нас в сервисе и оставили номер для связи.' }],
};
const PEOPLE = 200;

/** A campaign that runs: a survey that operators of the queue dial by hand, after a look at each person. */
export const insertCampaign = async (
  db: Knex,
  { pbx, queue, ownerId, customers, now }: { pbx: string; queue: string; ownerId: number; customers: readonly Customer[]; now: number },
): Promise<void> => {
  await db('dialling_profiles').insert({ code: 'DEMO', name: 'Демонстрация, круглые сутки', rules: JSON.stringify(RULES) }).onConflict('code').ignore(); // prettier-ignore
  const row = { name: 'Опрос после ремонта', owner_id: ownerId, state: 'running', pbx, queue, mode: 'preview', profile: 'DEMO', purpose: 'survey', settings: '{}', created_at: now, started_at: now }; // prettier-ignore
  const [id] = (await db('campaigns').insert(row)) as [number];
  const people = new Map(customers.map(({ number, name }) => [`+${number}`, name]));
  const contacts = [...people].slice(0, PEOPLE).map(([number, name]) => ({ campaign_id: id, number, name: name.slice(0, 200) }));
  for (let i = 0; i < contacts.length; i += 50) await db('campaign_contacts').insert(contacts.slice(i, i + 50));
  await db('script_versions').insert({ campaign_id: id, version: 1, body: JSON.stringify(SCRIPT), user_id: ownerId, at: now });
};
