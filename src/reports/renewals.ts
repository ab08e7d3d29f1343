import { hoursBetween, percentile } from './measure/statistics.js';
import { certificates, type CertificateOfPeriod } from './populations.js';
import type { Report, Row } from './report.js';

const dayMs = 86_400_000;

/** One certificate that took the place of another for the same names. */
interface Renewal {
  readonly before: CertificateOfPeriod;
  readonly after: CertificateOfPeriod;
  /** Days left on the old one when the new one was first served; negative: it had expired. */
  readonly daysLeft: number;
  /** Hours from the start of validity of the new one until it was first served. */
  readonly hoursToDeploy: number;
}

/** How certificates were replaced. */
export const renewals: Report = {
  id: 'renewals',
  title: 'Renewals',
  description:
    'Served certificates of the period that took the place of another one for the same names: how early, and how long from issuance to service.',
  cannotShow: ['Renewals of certificates that were replaced between two observations and never seen.'],
  async build(input) {
    const found = pairs(await servedByNames(input)).filter(
      ({ after }) => after.servedFrom !== null && after.servedFrom > input.from,
    );
    const late = found.filter(({ daysLeft }) => daysLeft < 0).length;
    const hours = found.map(({ hoursToDeploy }) => hoursToDeploy);
    return {
      figures: [
        { label: 'Renewals', value: found.length, unit: 'renewals' },
        { label: 'After the old certificate had expired', value: late, unit: 'renewals' },
        { label: 'Hours from issuance to service, median', value: percentile(hours, 0.5), unit: 'h' },
        {
          label: 'Hours from issuance to service, 95th percentile',
          value: percentile(hours, 0.95),
          unit: 'h',
        },
      ],
      tables: [
        {
          id: 'renewals',
          title: 'Renewals',
          note: 'By the time the new certificate was first served.',
          columns: [
            { key: 'names', title: 'Names' },
            { key: 'owner', title: 'Owner' },
            { key: 'issuerBefore', title: 'Issuer before' },
            { key: 'issuerAfter', title: 'Issuer after' },
            { key: 'oldNotAfter', title: 'Old valid until' },
            { key: 'newNotBefore', title: 'New valid from' },
            { key: 'newServedFrom', title: 'New first served' },
            { key: 'daysLeft', title: 'Days left on the old', isNumber: true },
            { key: 'hoursToDeploy', title: 'Hours to deploy', isNumber: true },
            { key: 'sameKey', title: 'Key kept' },
            { key: 'before', title: 'Old SHA-256' },
            { key: 'after', title: 'New SHA-256' },
          ],
          rows: async function* () {
            yield* found.map(rowOf);
          },
        },
      ],
    };
  },
};

type Input = Parameters<Report['build']>[0];

/** Served leaf certificates by their set of names. */
async function servedByNames(input: Input): Promise<ReadonlyMap<string, CertificateOfPeriod[]>> {
  const groups = new Map<string, CertificateOfPeriod[]>();
  for await (const certificate of certificates(input)) {
    const { endpointCount, isCa, names } = certificate;
    if (endpointCount === 0 || isCa || names.length === 0) continue;
    const key = names.toSorted().join(' ');
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [certificate]);
    else group.push(certificate);
  }
  return groups;
}

function pairs(groups: ReadonlyMap<string, CertificateOfPeriod[]>): readonly Renewal[] {
  const found: Renewal[] = [];
  for (const group of groups.values()) {
    group.sort((left, right) => time(left.notBefore) - time(right.notBefore));
    group.slice(1).forEach((after, index) => {
      const before = group[index];
      const { notBefore, servedFrom } = after;
      if (before === undefined || before.notAfter === null || notBefore === null || servedFrom === null)
        return;
      const daysLeft = Math.floor((10 * (before.notAfter.getTime() - servedFrom.getTime())) / dayMs) / 10;
      found.push({ before, after, daysLeft, hoursToDeploy: hoursBetween(notBefore, servedFrom) });
    });
  }
  return found.sort((left, right) => time(left.after.servedFrom) - time(right.after.servedFrom));
}

function time(date: Date | null): number {
  return date?.getTime() ?? 0;
}

function rowOf({ before, after, daysLeft, hoursToDeploy }: Renewal): Row {
  return {
    names: after.names,
    owner: after.owner,
    issuerBefore: before.issuer,
    issuerAfter: after.issuer,
    oldNotAfter: before.notAfter,
    newNotBefore: after.notBefore,
    newServedFrom: after.servedFrom,
    daysLeft,
    hoursToDeploy,
    sameKey: before.spkiSha256 !== '' && before.spkiSha256 === after.spkiSha256 ? 'yes' : 'no',
    before: before.sha256,
    after: after.sha256,
  };
}
