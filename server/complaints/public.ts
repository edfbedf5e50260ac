import { createHash } from 'node:crypto';
import { urlencoded } from 'express';
import type { Request, Response } from 'express';
import { z } from 'zod';
import type { Deps } from '../deps.ts';
import { anyone } from '../core/authorize.ts';
import { AppError } from '../core/errors.ts';
import { route } from '../core/http.ts';
import type { Route } from '../core/http.ts';
import { createLimit, networkOf } from '../core/limits.ts';
import type { Redis } from '../core/redis.ts';
import { sendLetter } from './answer.ts';
import { COMMON_SEVERITY } from './contract.ts';
import { formPage, languageOf, LETTERS, notedPage, surveyPage, thanksPage } from './public-pages.ts';
import { clientSpoke, registerComplaint } from './register.ts';
import { complaints } from './rows.ts';
import type { ComplaintRow } from './rows.ts';
import { changeComplaint } from './service.ts';
import { readCategories, readSettings } from './settings.ts';

/** Nobody fills a form in so fast, and nobody leaves it open for so long. */
const FASTEST_MS = 3_000;
const SLOWEST_MS = 24 * 3_600_000;
const DAY_MS = 86_400_000;

const clean = (most: number) => z.string().default('').transform((text) => text.replace(/\r\n?/g, '\n').replace(/[^\P{Cc}\n\t]/gu, '').trim().slice(0, most)); // prettier-ignore
const line = (most: number) => clean(most).transform((text) => text.replace(/\s+/g, ' '));
const Filled = z
  .object({
    stamp: z.string().max(500),
    website: z.string().max(0),
    name: line(200).pipe(z.string().min(1)),
    phone: line(60),
    email: z.union([z.literal(''), z.email().max(254)]).default(''),
    categoryId: z.coerce.number().int().positive(),
    subject: line(200).pipe(z.string().min(1)),
    text: clean(20_000),
  })
  .refine(({ phone, email }) => phone !== '' || email !== '');
const Survey = z.object({ mark: z.coerce.number().int().min(1).max(5), text: clean(1000), reopen: z.string().max(10).optional() });

const parseForm = urlencoded({ extended: false, limit: '128kb', parameterLimit: 20 });
const formOf = (req: Request, res: Response): Promise<unknown> =>
  new Promise((resolve, reject) => parseForm(req, res, (err?: unknown) => (err ? reject(err as Error) : resolve(req.body)))); // prettier-ignore

/** Of this page alone: without a referrer the browser would not say that the form is our own, and it would be refused. */
const send = (res: Response, html: string, status = 200) =>
  void res.status(status).set('Referrer-Policy', 'same-origin').type('html').send(html);

const TokenParam = z.object({ token: z.string().regex(/^[\w-]{32}$/) });

/** Without a session: the form for clients, and the page that asks how it was. */
export const publicRoutes = (deps: Deps, redis: Redis | null): Route[] => {
  const limit = createLimit('complaint-form', 10, 600, redis);
  const surveys = createLimit('complaint-survey', 10, 600, redis);

  const allowed = async () => {
    const settings = await readSettings(deps.db);
    if (!settings.form) throw new AppError('not_found', 'the form is off');
    const categories = (await readCategories(deps.db)).filter(({ kind, retired }) => kind === 'category' && !retired);
    return { settings, categories };
  };
  /** Null: made up, too young or too old. */
  const stampAge = (stamp: string): number | null => {
    try {
      const at = Number(deps.secrets.open(stamp).replace(/^form:/, ''));
      return Number.isFinite(at) ? deps.now() - at : null;
    } catch {
      return null;
    }
  };
  const newStamp = () => deps.secrets.seal(`form:${deps.now()}`);
  const byToken = async (token: string): Promise<ComplaintRow> => {
    const row = await complaints(deps.db).where({ token }).first();
    if (!row || row.status === 'merged' || row.resolved_at === null) throw new AppError('not_found', 'no such page');
    return row;
  };
  const whose = async (phone: string, email: string): Promise<number | null> => {
    const byEmail = email === '' ? [] : await deps.clientsByEmail(deps.db, email);
    if (byEmail.length === 1) return byEmail[0]!;
    const byPhone = phone === '' ? [] : await deps.clientsByNumber(phone);
    return byPhone.length === 1 ? byPhone[0]!.id : null;
  };

  return [
    route({
      method: 'get',
      path: '/complaints/form',
      summary: 'The form for clients, without a script',
      media: 'text/html',
      can: anyone,
      async handle({ req, res }) {
        const { categories } = await allowed();
        send(res, formPage(languageOf(req.headers['accept-language']), categories, newStamp()));
      },
    }),
    route({
      method: 'post',
      path: '/complaints/form',
      summary: 'What a client has filled in; the same form sent twice is one complaint',
      media: 'text/html',
      can: anyone,
      async handle({ req, res }) {
        const { settings, categories } = await allowed();
        await limit.consume(networkOf(req.ip ?? ''));
        const language = languageOf(req.headers['accept-language']);
        const body = (await formOf(req, res)) as Record<string, string>;
        const filled = Filled.safeParse(body);
        const age = filled.success ? stampAge(filled.data.stamp) : null;
        const known = filled.success && categories.some(({ id }) => id === filled.data.categoryId);
        // a person whom we took for a robot keeps what was written, and can send it again
        if (!filled.success || !known || age === null || age < FASTEST_MS || age > SLOWEST_MS) {
          const text = (name: string) => (typeof body?.[name] === 'string' ? body[name].slice(0, 20_000) : '');
          const values = {
            name: text('name'),
            phone: text('phone'),
            email: text('email'),
            categoryId: Number(text('categoryId')),
            subject: text('subject'),
            text: text('text'),
          };
          return send(res, formPage(language, categories, newStamp(), values, true), 400);
        }
        const { stamp, name, phone, email, categoryId, subject, text } = filled.data;
        const clientId = await whose(phone, email);
        const matter = { client_id: clientId, contact_name: name, contact_phone: phone, contact_email: email, category_id: categoryId, severity: COMMON_SEVERITY, product: '', channel: 'web' as const, queue: null, subject, wish: '', department_id: settings.departmentId, registered_by: null, owner_id: null, once_key: `web:${createHash('sha256').update(stamp).digest('hex')}` }; // prettier-ignore
        const said = text === '' ? null : { text, html: null, address: email, message_id: null };
        const { id, number, again } = await registerComplaint(deps, { matter, said, call: null });
        if (!again && email !== '' && deps.config.mail !== null) await acknowledge(deps, id, LETTERS[language]);
        send(res, thanksPage(language, number), 201);
      },
    }),
    route({
      method: 'get',
      path: '/complaints/survey/:token',
      summary: 'Asks a client how it was',
      params: TokenParam,
      media: 'text/html',
      can: anyone,
      async handle({ params: { token }, req, res }) {
        const row = await byToken(token);
        send(res, surveyPage(languageOf(req.headers['accept-language']), row.number, token));
      },
    }),
    route({
      method: 'post',
      path: '/complaints/survey/:token',
      summary: 'What the client says of it; opens it again when it is not solved',
      params: TokenParam,
      media: 'text/html',
      can: anyone,
      async handle({ params: { token }, req, res }) {
        await surveys.consume(networkOf(req.ip ?? ''));
        const { id } = await byToken(token);
        const said = Survey.safeParse(await formOf(req, res));
        if (!said.success) throw new AppError('invalid', 'not a mark', { issues: [{ path: 'body.mark', code: 'invalid' }] });
        const { reopenDays } = await readSettings(deps.db);
        await changeComplaint(deps, { id, actorId: null, seen: null, what: 'complaint.satisfaction' }, async (change) => {
          const { row, now } = change;
          await change.move('satisfaction', row.satisfaction, said.data.mark, said.data.text);
          change.set({ satisfaction: said.data.mark, satisfaction_text: said.data.text });
          if (said.data.reopen === undefined || now - (row.closed_at ?? row.resolved_at ?? 0) > reopenDays * DAY_MS) return;
          if (said.data.text !== '') await change.entry({ kind: 'in', channel: 'web', text: said.data.text, user_id: null });
          await clientSpoke(change);
        });
        send(res, notedPage(languageOf(req.headers['accept-language'])));
      },
    }),
  ];
};

/** Tells the client the number; a letter of our own, no answer to what was said. */
export const acknowledge = (deps: Deps, id: number, letters: (typeof LETTERS)['ru' | 'en']): Promise<void> =>
  changeComplaint(deps, { id, actorId: null, seen: null, what: 'complaint.letter' }, async (change) => {
    const { row } = change;
    await sendLetter(deps, change, { effect: 'received', ...letters.received(row.number, row.subject), askedBy: null });
  });
