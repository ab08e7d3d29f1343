import { writeFileSync } from 'node:fs';
import { gradesFile, renderGrades } from './grade-table.js';
import { catalogueFile, renderRuleCatalogue } from './rule-catalogue.js';

writeFileSync(catalogueFile, renderRuleCatalogue());
writeFileSync(gradesFile, renderGrades());
