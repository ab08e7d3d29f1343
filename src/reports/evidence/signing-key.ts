import { createPrivateKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { join } from 'node:path';
import { replaceFile } from '../../lib/replace-file.js';
import { readStateFile } from '../../lib/state-file.js';

/** The Ed25519 key that exports of this data folder are signed with: made when it is first needed, readable by this user only. */
export async function signingKey(folder: string): Promise<KeyObject> {
  const path = join(folder, 'evidence-key.pem');
  const kept = readStateFile(path, (text) => createPrivateKey(text));
  if (kept !== null) return kept;
  const { privateKey } = generateKeyPairSync('ed25519');
  await replaceFile(path, privateKey.export({ type: 'pkcs8', format: 'pem' }), 0o600);
  return privateKey;
}
