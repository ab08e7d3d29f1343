import type { FunctionComponent } from 'preact';
import { CertificateView } from './certificates/certificate-view.js';
import { CertificatesView } from './certificates/certificates-view.js';
import { CompareView } from './certificates/compare-view.js';
import { LogsView } from './ct/logs-view.js';
import { LogView } from './ct/log-view.js';
import { DeliveriesView } from './deliveries/deliveries-view.js';
import { EndpointView } from './endpoints/endpoint-view.js';
import { EndpointsView } from './endpoints/endpoints-view.js';
import { FindingView } from './findings/finding-view.js';
import { FindingsView } from './findings/findings-view.js';
import { InventoryView } from './inventory/inventory-view.js';
import { IssuanceView } from './issuances/issuance-view.js';
import { matchPath } from './lib/route.js';
import { NameView } from './names/name-view.js';
import { NamesView } from './names/names-view.js';
import { NotFound } from './not-found.js';
import { ReportsView } from './reports/reports-view.js';
import { ScanView } from './scans/scan-view.js';
import { ScansView } from './scans/scans-view.js';
import { OverviewView } from './overview/overview-view.js';
import { AuditView } from './settings/audit-view.js';
import { ConfigView } from './settings/config-view.js';
import { TokensView } from './settings/tokens-view.js';
import { UsersView } from './settings/users-view.js';
import { PolicyView } from './settings/policy-view.js';

type Names = Readonly<Record<string, string>>;

/** Paths and what they show. The first that fits wins. */
const views: readonly (readonly [string, FunctionComponent<{ readonly names: Names }>])[] = [
  ['/', OverviewView],
  ['/findings', FindingsView],
  ['/findings/:id', FindingView],
  ['/certificates', CertificatesView],
  ['/certificates/compare', CompareView],
  ['/certificates/:sha256', CertificateView],
  ['/endpoints', EndpointsView],
  ['/endpoints/:key', EndpointView],
  ['/names', NamesView],
  ['/names/:domain', NameView],
  ['/issuances/:tbsSha256', IssuanceView],
  ['/ct', LogsView],
  ['/ct/:logId', LogView],
  ['/scans', ScansView],
  ['/scans/:id', ScanView],
  ['/inventory', InventoryView],
  ['/deliveries', DeliveriesView],
  ['/reports', ReportsView],
  ['/settings', PolicyView],
  ['/settings/policy', PolicyView],
  ['/settings/users', UsersView],
  ['/settings/tokens', TokensView],
  ['/settings/config', ConfigView],
  ['/settings/audit', AuditView],
];

/** The view of a path. A view of another path is another component, so that nothing of the one before stays. */
export function View({ path }: { readonly path: string }) {
  for (const [pattern, Shown] of views) {
    const names = matchPath(pattern, path);
    if (names !== null) return <Shown key={path} names={names} />;
  }
  return <NotFound />;
}
