import { files } from './files/connector.js';

/** Every kind of inventory source, by the `type` that names it in the configuration. */
export const connectorKinds = { files } as const;
