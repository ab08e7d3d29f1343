import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { pemText } from '../pem-text.js';
import { secretString } from '../secret.js';
import { parseNetwork } from './address-guard.js';
import type { OutboundRules } from './guarded-connect.js';

function isNetwork(text: string): boolean {
  try {
    parseNetwork(text);
    return true;
  } catch {
    return false;
  }
}

/** Private keys in PEM: the text itself, or the path of a file that holds it. Becomes the text. */
const keyText = secretString.transform((value, context) => {
  if (value.includes('-----BEGIN')) return value;
  try {
    return readFileSync(value, 'utf8');
  } catch (error) {
    const reason = error instanceof Error && 'code' in error ? String(error.code) : 'unknown error';
    context.addIssue({
      code: 'custom',
      message: `must be the path of a PEM file; it cannot be read (${reason})`,
    });
    return z.NEVER;
  }
});

/** The keys of every plug-in that speaks HTTP: whom it may connect to, through what, and whom it trusts. Spread into its schema. */
export function outboundShape(defaults: { readonly allowPrivate: boolean }) {
  return {
    allowPrivate: z
      .boolean()
      .default(defaults.allowPrivate)
      .describe(
        'Allow loopback, RFC 1918 and unique-local addresses. Cloud metadata addresses stay blocked unless `allow` names them.',
      ),
    allow: z
      .array(z.string().refine(isNetwork, 'must be an address or CIDR, for example 10.1.2.0/24'))
      .default([])
      .describe('Addresses and CIDRs that may be connected to although they are not public.'),
    ca: pemText
      .nullable()
      .default(null)
      .describe(
        'Additional CA to trust: path of a PEM file, or PEM text. If null, only the usual CAs are trusted.',
      ),
    clientCertificate: z
      .strictObject({
        certificate: pemText.describe('Certificate chain: path of a PEM file, or PEM text.'),
        key: keyText.describe('Private key: path of an unencrypted PEM file, or `${ENV}`.'),
      })
      .nullable()
      .default(null)
      .describe('Client certificate for servers that ask for one.'),
    proxy: secretString
      .pipe(z.url({ protocol: /^https?$/ }))
      .nullable()
      .default(null)
      .describe(
        'HTTP proxy, for example http://proxy.example.com:3128. User and password go before the host.',
      ),
  } as const;
}

/** What {@link outboundShape} parses to. */
export interface OutboundConfig {
  readonly allowPrivate: boolean;
  readonly allow: readonly string[];
  readonly ca: string | null;
  readonly clientCertificate: { readonly certificate: string; readonly key: string } | null;
  readonly proxy: string | null;
}

/** The rules of a guarded client that this configuration asks for; any port. */
export function outboundRules({
  allowPrivate,
  allow,
  ca,
  clientCertificate,
  proxy,
}: OutboundConfig): OutboundRules {
  return { allowPrivate, allow, ca, clientCertificate, proxy, ports: null };
}
