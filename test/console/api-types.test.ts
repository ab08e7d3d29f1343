import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { apiTypes, typeOf, type Schema } from '../support/api-types.js';

describe('a type', () => {
  for (const [schema, type] of [
    [{ type: 'integer' }, 'number'],
    [{ type: ['string', 'null'] }, 'string | null'],
    [{ anyOf: [{ type: 'string', format: 'date-time' }, { type: 'null' }] }, 'string | null'],
    [{ enum: ['a', 'b'] }, '"a" | "b"'],
    [{ const: true }, 'true'],
    [{ $ref: '#/components/schemas/Finding' }, 'Finding'],
    [{ type: 'array', items: { enum: ['a', 'b'] } }, 'readonly ("a" | "b")[]'],
    [{ type: 'object', additionalProperties: { type: 'number' } }, 'Readonly<Record<string, number>>'],
    [
      { type: 'object', properties: { a: { type: 'string' }, 'b-c': { type: 'boolean' } }, required: ['a'] },
      '{ readonly a: string; readonly "b-c"?: boolean }',
    ],
    [{ allOf: [{ $ref: '#/x/A' }, { type: 'null' }] }, '(A) & (null)'],
    [{}, 'unknown'],
    [{ anyOf: [{}, { type: 'string' }] }, 'unknown'],
  ] as readonly (readonly [Schema, string])[])
    it(`is ${type}`, () => assert.equal(typeOf(schema), type));
});

it('has an entry for each route, with filters, body and answer', () => {
  const text = apiTypes({
    paths: {
      '/things/{id}': {
        post: {
          parameters: [
            { in: 'query', name: 'limit', schema: { type: 'integer' } },
            { in: 'path', name: 'id', required: true, schema: { type: 'string' } },
          ],
          requestBody: { content: { 'application/json': { schema: { type: 'string' } } } },
          responses: {
            200: { content: { 'application/json': { schema: { type: 'boolean' } } } },
            404: { content: { 'application/json': { schema: { type: 'string' } } } },
            202: { content: { 'application/json': { schema: { type: 'null' } } } },
          },
        },
      },
    },
  });
  assert.match(
    text,
    /'POST \/things\/\{id\}': \{ query: \{ readonly limit\?: number \}; body: string; answer: boolean \| null \};/,
  );
});
