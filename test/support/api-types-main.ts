import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { api } from '../api/parts.js';
import { apiTypes, type ApiDocument } from './api-types.js';

/** Where the console's types of the API lie. */
export const typesFile = resolve(import.meta.dirname, '../../../src/console/api/types.ts');

/** The types as the API of this source would have them. */
export async function currentTypes(): Promise<string> {
  const app = await api();
  const answer = await app.inject({ url: '/api/openapi.json', headers: { host: 'localhost' } });
  await app.close();
  return apiTypes(answer.json<ApiDocument>());
}

if (process.argv[1] === import.meta.filename) await writeFile(typesFile, await currentTypes());
