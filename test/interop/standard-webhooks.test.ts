import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { it } from 'node:test';
import { webhook } from '../../src/alerts/webhook.js';
import { finding, message, openChannel } from '../alerts/samples.js';
import { startHttpRecorder } from '../support/http-recorder.js';

/** A Python that has the package `standardwebhooks` of PyPI; CERTGLASS_PYTHON names another one. */
const python = process.env['CERTGLASS_PYTHON'] ?? 'python3';
const program = `
import json, sys
from standardwebhooks.webhooks import Webhook, WebhookVerificationError
given = json.load(sys.stdin)
def accepts(secret, body):
    try:
        Webhook(secret).verify(body, given["headers"])
        return True
    except WebhookVerificationError:
        return False
print(json.dumps([accepts(s, given["body"]) for s in given["secrets"]] + [accepts(given["secrets"][0], given["body"] + " ")]))
`;
const probe = spawnSync(python, ['-c', 'import standardwebhooks']);
const skip = probe.status === 0 ? false : 'no Python with standardwebhooks (see CERTGLASS_PYTHON)';
const secretOf = (byte: number): string => `whsec_${Buffer.alloc(32, byte).toString('base64')}`;

it('signs webhooks as the Python implementation of Standard Webhooks verifies them', { skip }, async () => {
  const recorder = await startHttpRecorder();
  const secrets = [secretOf(1), secretOf(2)];
  const channel = openChannel(webhook, { url: recorder.url, secrets, allowPrivate: true });
  try {
    await channel.send(
      await message([finding({ title: 'caf\u00e9 \u2028 \ud83d\udd12' })]),
      new AbortController().signal,
    );
  } finally {
    await channel.close();
    await recorder.close();
  }
  const { body, headers } = recorder.requests[0]!;
  const input = JSON.stringify({ body, headers, secrets: [...secrets, secretOf(3)] });
  const { stdout, stderr } = spawnSync(python, ['-c', program], { input, encoding: 'utf8' });
  assert.deepEqual(stdout === '' ? stderr : JSON.parse(stdout), [true, true, false, false]);
});
