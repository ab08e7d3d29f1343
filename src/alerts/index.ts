import { createEmail, emailConfig } from './email.js';
import { createWebhook, webhookConfig } from './webhook.js';

/** Every kind of channel: its configuration schema, and how to open one. */
export const channelKinds = {
  email: { config: emailConfig, create: createEmail },
  webhook: { config: webhookConfig, create: createWebhook },
} as const;
