export { tlsConfig, targetGroup, type Depth, type TargetGroup, type TlsConfig } from './config.js';
export { parsePorts } from './expression.js';
export { probe, type ProbeOptions } from './probe.js';
export { openScan, scanTargets, type Scan, type ScanProgress, type ScanRequest } from './scan.js';
export { createTlsScanner, type ScanState, type TlsScannerOptions } from './scanner.js';
export { createScope, type Scope } from './scope.js';
