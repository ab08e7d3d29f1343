export { parsePorts } from './expression.js';
export type { ScanProgress } from './ledger.js';
export { scanTargets } from './scan.js';
export { createTlsScanner } from './scanner.js';
