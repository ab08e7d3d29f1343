import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { it } from 'node:test';
import type { Validation } from '../../src/model/validation.js';
import type { ProbeResult } from '../../src/model/probe-result.js';
import { certificate, minutes, observation } from '../store/sample.js';
import { api, bearer, secrets, tokens } from './parts.js';

const leaf = certificate('a.example.com', { subject: 'CN="a\n\\b"', notAfter: minutes(300) });
const issuer = certificate('Issuing CA', { isCa: true, notAfter: minutes(200) });
const validation: Validation = {
  verdict: 'valid',
  grade: 'valid',
  errors: [],
  warnings: [],
  rootStore: 'test',
  path: [leaf.sha256, 'anchor'],
  links: [{ sha256: 'anchor', subject: 'CN=Root', role: 'anchor', notBefore: null, notAfter: minutes(100) }],
};
const seen: ProbeResult = {
  observation: observation('a.example.com', { certificate: leaf, chain: [leaf, issuer] }),
  validation,
};
const failed: ProbeResult = {
  observation: observation('a.example.com', { outcome: 'refused', certificate: null, chain: [], tls: null }),
  validation: null,
};

async function probe(result: ProbeResult | string, token: string = secrets.operator) {
  const app = await api({ tokens }, { probe: async () => result });
  try {
    return await app.inject({ url: '/probe?target=a.example.com', headers: bearer(token) });
  } finally {
    await app.close();
  }
}

function values(text: string): Readonly<Record<string, number>> {
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return Object.fromEntries(
    lines.map((line) => [line.replace(/[{ ].*/, ''), Number(line.split(' ').at(-1))]),
  );
}

it('answers in the names of blackbox_exporter', async () => {
  const { body, headers } = await probe(seen);
  const metrics = values(body);
  assert.match(String(headers['content-type']), /^text\/plain/);
  assert.equal(metrics['probe_success'], 1);
  assert.equal(metrics['probe_ip_protocol'], 4);
  assert.equal(metrics['probe_ssl_earliest_cert_expiry'], minutes(200).getTime() / 1_000);
  assert.equal(metrics['probe_ssl_last_chain_expiry_timestamp_seconds'], minutes(100).getTime() / 1_000);
  assert.equal(metrics['probe_tls_version_info'], 1);
});

it('writes hostile names so that a parser reads them', async () => {
  const { body } = await probe(seen);
  assert.ok(body.includes('subject="CN=\\"a\\n\\\\b\\""'), body);
});

it('tells of failure, and says nothing about a certificate that did not come', async () => {
  const metrics = values((await probe(failed)).body);
  assert.equal(metrics['probe_success'], 0);
  assert.ok(!('probe_ssl_earliest_cert_expiry' in metrics));
});

it('does not call an invalid path a success', async () => {
  const invalid = { ...validation, verdict: 'invalid', grade: 'invalid' } as const;
  const metrics = values((await probe({ ...seen, validation: invalid })).body);
  assert.equal(metrics['probe_success'], 0);
  assert.ok(!('probe_ssl_last_chain_expiry_timestamp_seconds' in metrics));
  assert.ok('probe_ssl_earliest_cert_expiry' in metrics);
});

it('answers a target that cannot be probed with a sentence, and readers not at all', async () => {
  const refused = await probe('10.0.0.1 is outside scan.scope');
  assert.deepEqual([refused.statusCode, refused.json().detail], [422, '10.0.0.1 is outside scan.scope']);
  assert.equal((await probe(seen, secrets.reader)).statusCode, 403);
});

const lacksPromtool = spawnSync('promtool', ['--version']).error === undefined ? false : 'needs promtool';
it('passes promtool', { skip: lacksPromtool }, async () => {
  const { status, stderr, stdout } = spawnSync('promtool', ['check', 'metrics'], {
    input: (await probe(seen)).body,
    encoding: 'utf8',
  });
  assert.deepEqual([status, stdout, stderr], [0, '', '']);
});
