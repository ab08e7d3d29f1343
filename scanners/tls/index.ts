export { parsePorts } from './expression.js';
export { scanTargets, type ScanProgress } from './scan.js';
export { createTlsScanner } from './scanner.js';
