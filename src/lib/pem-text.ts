import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { secretString } from './secret.js';

/** A configuration value that is certificates in PEM: the text itself, or the path of a file that holds it. Becomes the text. */
export const pemText = secretString.transform((value, context) => {
  const complain = (message: string): never => {
    context.addIssue({ code: 'custom', message });
    return z.NEVER;
  };
  let text = value;
  if (!value.includes('-----BEGIN')) {
    try {
      text = readFileSync(value, 'utf8');
    } catch (error) {
      const reason = error instanceof Error && 'code' in error ? String(error.code) : 'unknown error';
      const path = value.slice(0, 200);
      return complain(`must be the path of a PEM file, or PEM text; ${path} cannot be read (${reason})`);
    }
  }
  try {
    new X509Certificate(text);
    return text;
  } catch {
    return complain(
      'holds no certificate that can be read; give PEM that begins with -----BEGIN CERTIFICATE-----',
    );
  }
});
