import { writeFileSync } from 'node:fs';
import { alertDocs } from './alert-docs.js';

for (const [file, text] of alertDocs()) writeFileSync(file, text);
