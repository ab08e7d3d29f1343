import { writeFileSync } from 'node:fs';
import { catalogueFile, renderRuleCatalogue } from './rule-catalogue.js';

writeFileSync(catalogueFile, renderRuleCatalogue());
