import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { it } from 'node:test';
import { gradeCaps, gradeEndpoint, grades, type GradeInput } from '../../src/model/endpoint-grade.js';
import { rules } from '../../src/rules/index.js';
import { gradesFile, renderGrades } from '../support/grade-table.js';

const survey = (...versions: readonly string[]): GradeInput['survey'] => ({
  versions: versions.map((version) => ({ version, cipherSuites: [], preference: null })),
  groups: ['X25519MLKEM768'],
});
const modern = survey('TLSv1.3', 'TLSv1.2');
const finding = (rule: string, severity: GradeInput['findings'][number]['severity']) => ({
  rule,
  severity,
  title: rule,
});

const table: readonly (readonly [name: string, input: GradeInput, grade: string])[] = [
  ['a modern endpoint', { findings: [], survey: modern }, 'A+'],
  ['one that was not surveyed', { findings: [], survey: null }, 'A'],
  ['one without TLS 1.3', { findings: [], survey: survey('TLSv1.2') }, 'A'],
  [
    'one without a post-quantum group',
    { findings: [finding('not-post-quantum-ready', 'notice')], survey: modern },
    'A',
  ],
  ['one that expires soon', { findings: [finding('expiring', 'warning')], survey: modern }, 'A'],
  ['one that expires very soon', { findings: [finding('expiring', 'error')], survey: modern }, 'B'],
  ['one that has expired', { findings: [finding('expired', 'critical')], survey: modern }, 'F'],
  ['one with 64-bit blocks', { findings: [finding('weak-cipher-suite', 'warning')], survey: modern }, 'B'],
  ['one with RC4', { findings: [finding('weak-cipher-suite', 'error')], survey: modern }, 'F'],
  [
    'one with TLS 1.0',
    { findings: [finding('weak-protocol', 'error')], survey: survey('TLSv1.3', 'TLSv1') },
    'C',
  ],
  [
    'one with SSL 3',
    { findings: [finding('weak-protocol', 'error')], survey: survey('TLSv1.2', 'SSLv3') },
    'F',
  ],
  ['one with SSL 2', { findings: [finding('weak-protocol', 'critical')], survey: modern }, 'F'],
  [
    'one in no inventory, which is no matter of TLS',
    { findings: [finding('shadow', 'warning')], survey: modern },
    'A+',
  ],
  [
    'a milder finding than the table asks for',
    { findings: [finding('weak-key-exchange', 'warning')], survey: modern },
    'A+',
  ],
];
for (const [name, input, grade] of table)
  it(`grades ${name} ${grade}`, () => assert.equal(gradeEndpoint(input).grade, grade));

it('gives every reason, the worst first', () => {
  const findings = [
    finding('expiring', 'warning'),
    finding('expired', 'critical'),
    finding('wrong-chain-order', 'warning'),
  ];
  const { reasons } = gradeEndpoint({ findings, survey: null });
  assert.deepEqual(
    reasons.map(({ cap }) => cap),
    ['F', 'B', 'A', 'A'],
  );
  assert.equal(reasons[0]?.rule, 'expired');
});

it('names only rules that exist, and keeps the published table current', () => {
  const ids = new Set(rules.map(({ id }) => id));
  for (const { rule, cap } of gradeCaps) {
    assert.ok(ids.has(rule), rule);
    assert.ok(grades.includes(cap));
  }
  assert.equal(readFileSync(gradesFile, 'utf8'), renderGrades(), 'run: npm run rules:docs');
});
