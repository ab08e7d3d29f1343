/** Findings that are not resolved. */
export const open = `state NOT IN ('resolved')`;

/** What was chosen above the dashboard; see {@link findingChoices}. */
export const chosen = `rule IN (\${rule:singlequote}) AND if(owner = '', 'none', owner) IN (\${owner:singlequote})
  AND if(environment = '', 'none', environment) IN (\${environment:singlequote})`;

/** Rule, owner and environment of findings, to choose among. */
export const findingChoices = [
  { name: 'rule', label: 'Rule', sql: 'SELECT DISTINCT rule FROM findings_now ORDER BY rule' },
  {
    name: 'owner',
    label: 'Owner',
    sql: `SELECT DISTINCT if(owner = '', 'none', owner) AS value FROM findings_now ORDER BY value`,
  },
  {
    name: 'environment',
    label: 'Environment',
    sql: `SELECT DISTINCT if(environment = '', 'none', environment) AS value FROM findings_now ORDER BY value`,
  },
] as const;

/** What a finding is about, for people. */
export const concerns = `if(host = '', subject_key, host) AS concerns`;

/** Columns of a table of findings, with their types. */
export const findingColumns = {
  severity: 'String',
  rule: 'LowCardinality(String)',
  concerns: 'String',
  title: 'String',
  owner: 'LowCardinality(String)',
  opened_at: `DateTime64(3, 'UTC')`,
  due_at: `Nullable(DateTime64(3, 'UTC'))`,
  id: 'String',
} as const;

/** A table of findings, worst first. */
export function findingTable(where: string, limit = 200): string {
  return `SELECT toString(severity) AS severity, rule, ${concerns}, title, owner, opened_at, due_at, id FROM findings_now
    WHERE ${where} ORDER BY findings_now.severity DESC, opened_at DESC LIMIT ${limit}`;
}

/** Where a row of a table of findings leads. */
export const toFinding = { column: 'id', path: '/findings/${__data.fields.id:percentencode}' } as const;

/** Where a host leads. */
export const toHost = { column: 'host', path: '/names/${__data.fields.host:percentencode}' } as const;

/** Rules about certificates that nobody who should have issued them did. */
export const issuanceRules = `('shadow', 'unexplained-issuance', 'unauthorized-issuer', 'issuance-burst', 'watched-name', 'look-alike-domain', 'caa-forbids-issuer')`;

/** Rules about renewals that are late. */
export const renewalRules = `('deploy-gap', 'predicted-outage', 'renewal-failing', 'renewal-window-passed', 'expiring', 'expired')`;

/** Figures whose colour says how bad any of them is. */
export const alarm = (colour: string) =>
  [
    [null, 'green'],
    [1, colour],
  ] as const;
