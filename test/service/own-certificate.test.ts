import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { OpenFindings } from '../../src/judging/open-findings.js';
import type { Incident } from '../../src/model/incident.js';
import { judgeOwnCertificate } from '../../src/service/own-certificate.js';
import { finding, temporaryFolder } from '../store/sample.js';
import { issue } from '../support/pki.js';

const rule = 'own-certificate-expiring';
const now = new Date('2026-12-01T12:00:00Z');
const folder = temporaryFolder();
const day = (days: number): Date => new Date(now.getTime() + days * 86_400_000);
const isOpen = finding('api.tls', { rule, subject: { kind: 'self', key: 'api.tls' } });

async function judged(
  certificateFile: string | null,
  open: readonly (typeof isOpen)[] = [],
): Promise<readonly Incident[]> {
  const told: Incident[] = [];
  const tls = certificateFile === null ? null : { certificateFile, keyFile: 'unused' };
  const pipeline = { incident: async (incident: Incident) => void told.push(incident) };
  await judgeOwnCertificate(tls, { ledger: { open: new OpenFindings(open) }, pipeline }, now);
  return told;
}

describe('the HTTPS certificate of the API', () => {
  for (const [name, from, to, active] of [
    ['has a year left', -1, 365, false],
    ['of a year has 31 days left', -334, 31, false],
    ['of a year has 29 days left', -336, 29, true],
    ['of 90 days has 30 days left', -60, 30, false],
    ['of 90 days has less than 30 days left', -61, 29, true],
    ['of 6 days has half of them left', -3, 3, false],
    ['of 6 days has a day left', -5, 1, true],
    ['has expired', -90, -1, true],
  ] as const)
    it(`${active ? 'is reported' : 'is not reported'} when it ${name}`, async () => {
      const file = join(folder, `${from} ${to}.pem`);
      writeFileSync(file, issue({ notBefore: day(from), notAfter: day(to) }).pem);
      const told = await judged(file);
      assert.deepEqual(
        told.map((incident) => [
          incident.rule,
          incident.subject.key,
          incident.active,
          incident.details['daysLeft'],
        ]),
        active ? [[rule, 'api.tls', true, to]] : [],
      );
    });

  it('resolves what was reported once it was renewed, or HTTPS is off', async () => {
    const file = join(folder, 'renewed.pem');
    writeFileSync(file, issue({ notBefore: day(-1), notAfter: day(89) }).pem);
    for (const tls of [file, null])
      assert.deepEqual(
        (await judged(tls, [isOpen])).map(({ active }) => active),
        [false],
      );
  });

  it('fails, which is reported as such, when the file cannot be read', async () => {
    await assert.rejects(judged(join(folder, 'missing.pem')), /ENOENT/);
  });
});
