/** Every way of seeing a certificate. */
export { createTlsScanner, type ScanProgress } from './tls/index.js';
export { createCtScanner } from './ct/index.js';
