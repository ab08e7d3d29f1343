import { observations } from './0001-observations.js';
import { certificates } from './0002-certificates.js';
import { ct } from './0003-ct.js';
import { findings } from './0004-findings.js';
import { operation } from './0005-operation.js';
import { views } from './0006-views.js';
import { findingLife } from './0007-finding-life.js';
import { inventoryFacts } from './0008-inventory-facts.js';
import { judged } from './0009-judged.js';
import { answers } from './0010-answers.js';
import { dashboardViews } from './0013-dashboard-views.js';
import { deliveryMessages } from './0011-delivery-messages.js';
import { records } from './0012-records.js';
import type { Migration } from './migration.js';

/** Every step of the schema, in order. */
export const migrations: readonly Migration[] = [
  observations,
  certificates,
  ct,
  findings,
  operation,
  views,
  findingLife,
  inventoryFacts,
  judged,
  answers,
  deliveryMessages,
  records,
  dashboardViews,
];
