import { watchedName } from '../../../src/rules/authority/watched-name.js';
import { ctEntry } from '../../store/sample.js';
import { keyOf, leafOf } from '../fleet/renewals.js';
import { testFleetRule } from '../fleet-support.js';
import { later } from '../support.js';

const entry = (leaf: ReturnType<typeof leafOf>, watch: string, item: string, index: number) =>
  ctEntry('x', index, {
    certificate: leaf,
    timestamp: later(-1),
    matches: [{ watch, item, value: leaf.names[0] ?? '', reason: null } as never],
  });

const partner = leafOf('partner', ['www.partner.test'], [-1, 89]);
const own = leafOf('own', ['www.example.com'], [-1, 89]);
const kept = leafOf('kept', ['kept.test'], [-1, 89]);
const over = leafOf('over', ['over.partner.test'], [-90, -1]);
const organization = leafOf('organization', ['o.test'], [-1, 89]);

testFleetRule(
  watchedName,
  (store) =>
    store.writeCtEntries([
      entry(partner, 'domain', 'partner.test', 1),
      entry(partner, 'exact-name', 'www.partner.test', 2),
      entry(own, 'domain', 'example.com', 3),
      entry(kept, 'all', '', 4),
      entry(over, 'domain', 'partner.test', 5),
      entry(organization, 'organization', 'Example Ltd', 6),
    ]),
  [
    {
      name: 'reports a certificate for a watched domain once, with all that matched',
      subject: keyOf(partner),
      expected: { host: 'www.partner.test', certificateSha256: partner.sha256 },
    },
    {
      name: 'reports one of a watched organization',
      subject: keyOf(organization),
      expected: { title: 'Certificate logged for watched organization Example Ltd' },
    },
    { name: 'leaves owned domains to another rule', subject: keyOf(own), expected: 'pass' },
    { name: 'passes what is only kept', subject: keyOf(kept), expected: 'pass' },
    { name: 'passes what has expired', subject: keyOf(over), expected: 'pass' },
  ],
);
