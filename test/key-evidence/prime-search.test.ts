import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import assert from 'node:assert/strict';
import { generatePrimeSync, type KeyObject } from 'node:crypto';
import { it } from 'node:test';
import { PrimeSearch, type PrimeSearchOptions } from '../../src/key-evidence/prime-search.js';
import { readCertificate } from '../../src/x509/read/read-certificate.js';
import { eventually } from '../e2e/service-process.js';
import { issueFor } from '../support/pki.js';
import { rsaKeyOf } from '../support/rsa-key.js';
import { log, temporaryFolder } from '../store/sample.js';

const prime = (): bigint => generatePrimeSync(512, { bigint: true });
const certificateOf = (name: string, key: KeyObject) => readCertificate(issueFor(name, { key }).der);
const common = prime();
const [one, two, lone] = [
  certificateOf('one.example.com', rsaKeyOf(common, prime())),
  certificateOf('two.example.com', rsaKeyOf(common, prime())),
  certificateOf('lone.example.com', rsaKeyOf(prime(), prime())),
] as const;

function optionsOf(
  folder: string,
): PrimeSearchOptions & { found: number; readonly troubles: (string | null)[] } {
  const options = { folder, log, found: 0, troubles: [] as (string | null)[], onFound, onTrouble };
  function onFound(): void {
    options.found += 1;
  }
  function onTrouble(reason: string | null): void {
    options.troubles.push(reason);
  }
  return options;
}

for (const text of ['null', '', '[{"primeBits":512}]', '[['])
  it(`sets aside a file that holds ${JSON.stringify(text)}, and goes on without`, () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'shared-primes.json'), text);
    assert.equal(PrimeSearch.open(optionsOf(folder)).found.size, 0);
    assert.deepEqual(readdirSync(folder), ['shared-primes.json.damaged']);
  });

it('finds a prime that two keys share, whenever they come, and keeps it over a restart', async () => {
  const options = optionsOf(temporaryFolder());
  const search = PrimeSearch.open(options);
  for (const certificate of [one, lone, one]) search.note(certificate);
  search.start();
  assert.equal(search.isComparing, true);
  await eventually(
    () => Promise.resolve(search.isComparing),
    (is) => !is,
  );
  assert.equal(search.found.size, 0);
  search.note(two);
  search.start();
  await eventually(
    () => Promise.resolve(search.isComparing),
    (is) => !is,
  );
  assert.deepEqual([...search.found.keys()].sort(), [one.modulusSha256, two.modulusSha256].sort());
  assert.equal(options.found, 1);
  await search.close();

  const again = PrimeSearch.open(optionsOf(options.folder));
  const { holders, primeBits } = again.found.get(one.modulusSha256 ?? '') ?? assert.fail('forgotten');
  assert.equal(primeBits, 512);
  assert.deepEqual(holders.map(({ subject }) => subject).sort(), [
    'CN=one.example.com',
    'CN=two.example.com',
  ]);
  await again.close();
});

it('says when comparing failed, and compares anew', async () => {
  const options = optionsOf(temporaryFolder());
  let isBroken = true;
  const startWorker = () => ({
    add: () => (isBroken ? Promise.reject(new Error('out of memory')) : Promise.resolve([])),
    close: () => Promise.resolve(),
  });
  const search = PrimeSearch.open({ ...options, startWorker });
  const compare = async (): Promise<void> => {
    search.note(one);
    search.start();
    await eventually(
      () => Promise.resolve(search.isComparing),
      (is) => !is,
    );
  };
  await compare();
  isBroken = false;
  await compare();
  assert.deepEqual(options.troubles, ['out of memory', null]);
  await search.close();
});

it('says when there are more keys than it compares', async () => {
  const options = optionsOf(temporaryFolder());
  const search = PrimeSearch.open({ ...options, maxKeys: 1 });
  for (const certificate of [one, two, lone]) search.note(certificate);
  assert.deepEqual(options.troubles, ['there are more than 1 RSA keys: the others are not compared']);
  await search.close();
});
