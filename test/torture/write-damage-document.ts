import { writeFileSync } from 'node:fs';
import { format } from 'prettier';
import { damageDocument } from './damage-table.js';

/** Writes docs/damage.md. */
writeFileSync(
  new URL('../../../docs/damage.md', import.meta.url),
  await format(damageDocument(), { parser: 'markdown' }),
);
