import { createFiles, filesConfig } from './files.js';

/** Every kind of inventory source: its configuration schema, and how to open one. */
export const connectorKinds = {
  files: { config: filesConfig, create: createFiles },
} as const;
