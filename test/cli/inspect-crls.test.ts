import assert from 'node:assert/strict';
import { it } from 'node:test';
import type { InspectOptions } from '../../src/cli/inspect.js';
import { chainTime, ext, issuerLink, leafLink, makeChain } from '../support/chain.js';
import { makeCrl } from '../support/crl.js';
import * as der from '../support/der-writer.js';
import { makeKey, toPem } from '../support/pki.js';
import { file, only, run } from './run-inspect.js';

const serial = der.integer(77_777);
const chain = makeChain({ leaf: { serial, extensions: { eku: ext.eku(['2.5.29.37.0']) } } });
const issuer = chain.issuers[0]!;
const pemOf = (...serials: readonly Buffer[]): string =>
  toPem(makeCrl(issuer, { revoked: serials.map((number) => [number] as const) }), 'X509 CRL');

const leaf = file('revocable.pem', toPem(chain.leaf.der));
const roots = file('test-root.pem', toPem(chain.root.der));
const intermediates = file('issuer.pem', toPem(issuer.der));
const withCrl = file('issuer-and-crl.pem', toPem(issuer.der) + pemOf(serial));
const revoking = file('revoking.pem', pemOf(serial));
const clean = file('clean.crl', makeCrl(issuer, { revoked: [[der.integer(5)]] }));
const two = file('two.pem', pemOf(der.integer(5)) + pemOf(serial));

const common = { roots, intermediates, at: chainTime, profile: 'rfc5280' } as const;

const cases: readonly (readonly [what: string, options: InspectOptions, codes: readonly string[]])[] = [
  ['no CRL', {}, []],
  ['no CRL where they are required', { requireCrls: true }, ['revocation-unknown', 'revocation-unknown']],
  ['a CRL in PEM that lists the certificate', { crls: revoking }, ['revoked']],
  ['a CRL in DER that does not', { crls: clean }, []],
  ['two CRLs of which one does', { crls: two }, ['revoked']],
  ['a CRL among the intermediates', { intermediates: withCrl }, ['revoked']],
  ['a file that is no CRL', { crls: file('noise.crl', 'noise') }, ['crl-not-usable']],
  ['a policy that is asked for', { policy: ['2.23.140.1.2.1'] }, ['policy-not-valid', 'policy-not-valid']],
  ["the web's rules", { profile: 'web-pki' }, ['extended-key-usage-not-allowed']],
];

for (const [what, options, codes] of cases)
  it(`judges paths with ${what}`, async () => {
    const { validation } = await only(leaf, { ...common, ...options });
    assert.deepEqual(
      validation?.errors.map(({ code }) => code),
      codes,
    );
  });

it('finds the issuer among many CAs of its name that do not tell themselves apart', async () => {
  const bare = { extensions: { ski: null, aki: null } };
  const crowd = Array.from({ length: 100 }, () => issuerLink(chain.root, { ...bare, key: makeKey() }));
  const below = leafLink(crowd[90]!, bare);
  const bundle = file('crowd.pem', [below, ...crowd].map((link) => toPem(link.der)).join(''));
  const [first] = (await run([bundle], { ...common, json: true })).lines;
  assert.deepEqual(first?.validation?.errors, []);
});

it('does not start with a policy that is none', async () => {
  await assert.rejects(run([leaf], { ...common, policy: ['dv'] }), /--policy dv is no object identifier/);
});

it('judges by a public store where its name is given', async () => {
  const { validation } = await only(leaf, { ...common, roots: 'mozilla' });
  assert.match(validation?.rootStore ?? '', /^mozilla \d{4}-\d\d-\d\d$/);
  assert.deepEqual(
    validation?.errors.map(({ code }) => code),
    ['no-issuer'],
  );
});

it('does not start without the CRLs it is given', async () => {
  await assert.rejects(run([leaf], { ...common, crls: `${leaf}.nowhere` }), /nowhere/);
});
