import { z } from 'zod';
import { commonKeys } from '../common-keys.js';

/** The configuration of a web server or proxy. */
export const proxyConfig = z.strictObject({
  type: z
    .literal('proxy')
    .describe(
      'Configuration of nginx, Apache httpd, HAProxy, Envoy or Traefik: which certificate is bound to which name and listener.',
    ),
  ...commonKeys,
  program: z.enum(['nginx', 'apache', 'haproxy', 'envoy', 'traefik']).describe('Program it belongs to.'),
  path: z
    .string()
    .min(1)
    .describe(
      'Main configuration file, or its folder, for example /etc/nginx/nginx.conf, /etc/apache2 or /etc/haproxy/haproxy.cfg. Included files are read as well. Read access to the configuration and the certificate files is enough; key files are not opened, except files that hold certificate and key together, as HAProxy wants them.',
    ),
});

/** The configuration of a web server or proxy. */
export type ProxyConfig = z.infer<typeof proxyConfig>;
