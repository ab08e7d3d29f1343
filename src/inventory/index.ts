import { createFiles, filesConfig, filesName } from './files.js';

/** Every kind of inventory source: its configuration schema, what an instance is called, and how to open one. */
export const connectorKinds = {
  files: { config: filesConfig, nameOf: filesName, create: createFiles },
} as const;
