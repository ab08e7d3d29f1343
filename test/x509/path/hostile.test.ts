import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { it } from 'node:test';
import * as der from '../../support/der-writer.js';
import { extension } from '../../support/pki.js';
import {
  ext,
  generalName,
  makeChain,
  nameConstraints,
  type Chain,
  type ChainSpec,
} from '../../support/chain.js';
import { validateChain } from './cases.js';

/** Numbers below `limit` that are the same in every run. */
function* numbers(seed: string): Generator<(limit: number) => number, never, undefined> {
  for (let count = 0; ; count += 1) {
    const digest = createHash('sha256').update(`${seed} ${count}`).digest();
    yield (limit) => digest.readUInt32BE(0) % limit;
  }
}

/** One byte changed, some cut off, or some put in. */
function mutate(bytes: Buffer, random: () => (limit: number) => number): Buffer {
  const at = random()(bytes.length);
  const kind = random()(4);
  if (kind === 0) return bytes.subarray(0, at);
  const copy = Buffer.from(bytes);
  if (kind === 1)
    return Buffer.concat([copy.subarray(0, at), Buffer.alloc(random()(9), random()(256)), copy.subarray(at)]);
  copy[at] = random()(256);
  return copy;
}

it('answers for 1,500 mutated leaves, issuers and roots without an exception', () => {
  const source = numbers('path');
  const random = () => source.next().value;
  const chain = makeChain({
    issuers: [
      {
        extensions: {
          nc: nameConstraints([generalName.dns('example.com'), generalName.octets(1, 2, 3, 4, 255, 0, 0, 0)]),
          policies: ext.policies('2.5.29.32.0'),
          pc: ext.policyConstraints(3),
          noAny: ext.inhibitAny(1),
          mappings: ext.mappings(['1.2.3', '1.2.4']),
        },
      },
    ],
    leaf: { extensions: { policies: ext.policies('1.2.4') } },
  });
  assert.equal(validateChain(chain).verdict, 'valid');
  let accepted = 0;
  for (let round = 0; round < 500; round += 1)
    for (const mutated of mutants(chain, (bytes) => mutate(bytes, random)))
      if (validateChain(mutated).verdict === 'valid') accepted += 1;
  // What is signed cannot change; only a root's own signature may, and bytes may be put in that change nothing.
  assert.ok(accepted < 225, `${accepted} accepted`);
});

function mutants({ leaf, issuers, root }: Chain, change: (bytes: Buffer) => Buffer): readonly Chain[] {
  const [issuer] = issuers;
  return [
    { leaf: { ...leaf, der: change(leaf.der) }, issuers, root },
    { leaf, issuers: [{ ...issuer!, der: change(issuer!.der) }], root },
    { leaf, issuers, root: { ...root, der: change(root.der) } },
  ];
}

const names = (count: number): Buffer =>
  ext.san(Array.from({ length: count }, (_, at) => generalName.dns(`n${at}.example.com`)));
const nested = (depth: number): Buffer => {
  let inside: Buffer = der.nullValue();
  for (let level = 0; level < depth; level += 1) inside = der.sequence(inside);
  return inside;
};
const extensions = (count: number, value: Buffer): Record<string, Buffer> =>
  Object.fromEntries(
    Array.from({ length: count }, (_, at) => [`x${at}`, extension(`1.3.6.1.4.1.55555.9.${at}`, true, value)]),
  );

const heavy: readonly (readonly [name: string, chain: ChainSpec])[] = [
  ['50,000 names', { leaf: { extensions: { san: names(50_000) } } }],
  [
    '50,000 names below a name constraint',
    {
      issuers: [{ extensions: { nc: nameConstraints([generalName.dns('example.com')]) } }],
      leaf: { extensions: { san: names(50_000) } },
    },
  ],
  [
    '5,000 names below 5,000 constraints',
    {
      issuers: [
        {
          extensions: {
            nc: nameConstraints(
              Array.from({ length: 5000 }, (_, at) => generalName.dns(`n${at}.example.com`)),
            ),
          },
        },
      ],
      leaf: { extensions: { san: names(5000) } },
    },
  ],
  ['20,000 unknown critical extensions', { leaf: { extensions: extensions(20_000, der.nullValue()) } }],
  [
    '20,000 policies',
    {
      leaf: {
        extensions: { policies: ext.policies(...Array.from({ length: 20_000 }, (_, at) => `1.2.3.${at}`)) },
      },
    },
  ],
  [
    '20,000 policies and mappings in an issuer',
    {
      issuers: [
        {
          extensions: {
            pc: ext.policyConstraints(0),
            policies: ext.policies(...Array.from({ length: 20_000 }, (_, at) => `1.2.3.${at}`)),
            mappings: ext.mappings(
              ...Array.from({ length: 20_000 }, (_, at) => [`1.2.3.${at}`, `1.2.4.${at}`] as const),
            ),
          },
        },
      ],
    },
  ],
  [
    'a name nested 10,000 deep',
    { leaf: { extensions: { san: ext.san([der.context(4, true, nested(10_000))]) } } },
  ],
  [
    'a subject of 20,000 attributes',
    {
      leaf: {
        subject: der.sequence(
          ...Array.from({ length: 20_000 }, (_, at) =>
            der.set(der.sequence(der.oid('2.5.4.11'), der.utf8String(`unit ${at}`))),
          ),
        ),
      },
    },
  ],
  [
    'a modulus of 1 MB',
    {
      leaf: {
        spki: der.sequence(
          der.sequence(der.oid('1.2.840.113549.1.1.1'), der.nullValue()),
          der.bitString(der.sequence(der.element(2, Buffer.alloc(1_000_000, 0x55)), der.integer(65537))),
        ),
      },
    },
  ],
  ['a serial number of 1 MB', { leaf: { serial: der.element(2, Buffer.alloc(1_000_000, 0x55)) } }],
];

for (const [name, spec] of heavy)
  it(`answers within a second for ${name}`, () => {
    const chain = makeChain(spec);
    const before = process.cpuUsage();
    const { errors } = validateChain(chain);
    const { user, system } = process.cpuUsage(before);
    assert.ok(user + system < 1_000_000, `took ${(user + system) / 1000} ms`);
    assert.ok(errors.length < 50);
    for (const { message } of errors) assert.ok(message.length < 2000);
  });

it('shows no control characters of a hostile name', () => {
  const { errors } = validateChain(
    makeChain({
      issuers: [{ subject: 'a\u001b[31m\u202egnp\n' }],
      leaf: { extensions: { san: ext.dns('\u0007') } },
    }),
    { maxIntermediates: 0 },
  );
  for (const { message } of errors) assert.doesNotMatch(message, /[\u0000-\u001f\u202e]/);
});
