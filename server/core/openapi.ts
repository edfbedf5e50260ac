import { z } from 'zod';
import { createDocument } from 'zod-openapi';
import type { ZodOpenApiOperationObject, ZodOpenApiPathsObject } from 'zod-openapi';
import { anyone } from './authorize.ts';
import { ERROR_CODES } from './errors.ts';
import { route } from './http.ts';
import type { Route } from './http.ts';

const ErrorReply = z
  .object({ error: z.object({ code: z.enum(ERROR_CODES), data: z.record(z.string(), z.unknown()) }) })
  .meta({ id: 'Error', description: 'Every refusal has this shape; the reader owns the words.' });

const json = (schema: z.ZodType) => ({ 'application/json': { schema } });

const operation = (spec: Route): ZodOpenApiOperationObject => ({
  summary: spec.summary,
  operationId: `${spec.method}${spec.path.replace(/\W+(\w)?/g, (_, c: string | undefined) => c?.toUpperCase() ?? '')}`,
  tags: [spec.path.split('/')[1]!],
  security: spec.can === anyone ? [] : [{ session: [] }],
  requestParams: { ...(spec.params && { path: spec.params as z.ZodObject }), ...(spec.query && { query: spec.query as z.ZodObject }) },
  ...(spec.body && { requestBody: { required: true, content: json(spec.body) } }),
  responses: {
    ...(spec.reply
      ? { [`${spec.status ?? 200}`]: { description: 'Done', content: json(spec.reply) } }
      : spec.media
        ? { '200': { description: 'Done', content: { [spec.media]: { schema: { type: 'string', format: 'binary' } } } } }
        : { '204': { description: 'Done' } }),
    default: { description: 'Refused', content: json(ErrorReply) },
  },
});

/** OpenAPI 3.1 of these routes. */
const describe = (routes: readonly Route[], version: string) => {
  const paths: ZodOpenApiPathsObject = {};
  for (const spec of routes) {
    const path = `/api${spec.path.replace(/:(\w+)/g, '{$1}')}`;
    paths[path] = { ...paths[path], [spec.method]: operation(spec) };
  }
  return createDocument({
    openapi: '3.1.0',
    info: { title: 'Allo', version, license: { name: 'MIT', identifier: 'MIT' } },
    components: { securitySchemes: { session: { type: 'apiKey', in: 'cookie', name: 'allo' } } },
    paths,
  });
};

export const apiDescription = (routes: readonly Route[], version: string): Route => {
  const document: Record<string, unknown> = { ...describe(routes, version) };
  return route({
    method: 'get',
    path: '/openapi.json',
    summary: 'This API as OpenAPI 3.1',
    reply: z.record(z.string(), z.unknown()),
    can: anyone,
    handle: async () => document,
  });
};
