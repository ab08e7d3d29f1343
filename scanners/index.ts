import { acme } from './acme/index.js';
import { ct } from './ct/index.js';
import { dns } from './dns/index.js';
import { revocation } from './revocation/index.js';
import { tls } from './tls/index.js';

/** Every kind of scanner, in the order of their sections in the configuration. Their code is loaded when one is created. */
export const scannerKinds = [tls, ct, revocation, dns, acme] as const;
