export { parsePorts } from './targets/expression.js';
export type { ScanProgress } from './pace/ledger.js';
export { scanTargets } from './scan.js';
export { createTlsScanner } from './scanner.js';
