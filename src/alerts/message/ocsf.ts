import type { Severity } from '../../model/severity.js';
import type { CertglassEvent } from '../../model/event.js';
import { colonSerial } from '../../model/event.js';

const severityIds: Readonly<Record<Severity, number>> = { notice: 1, warning: 3, error: 4, critical: 5 };
/** Rules about what CAs issued, as opposed to what the operator's own policy asks for. */
const detections = new Set([
  'shadow',
  'unauthorized-issuer',
  'look-alike',
  'watched-name',
  'rogue-ca',
  'revoked',
  'compromised-key',
]);

/**
 * An event in the Open Cybersecurity Schema Framework 1.8.0: Compliance Finding (2003) for a breach of policy, Detection Finding (2004) for
 * what CT shows and for every inventory event.
 */
export function ocsfOf(event: CertglassEvent): Record<string, unknown> {
  const { finding } = event;
  const isDetection = finding === null || event.source === 'ct' || detections.has(finding.rule);
  const classUid = isDetection ? 2004 : 2003;
  const activity = finding === null ? 1 : finding.state === 'resolved' ? 3 : finding.revision === 1 ? 1 : 2;
  const severityId = event.severity === null ? 1 : severityIds[event.severity];
  return {
    class_uid: classUid,
    class_name: isDetection ? 'Detection Finding' : 'Compliance Finding',
    category_uid: 2,
    category_name: 'Findings',
    activity_id: activity,
    activity_name: ['Unknown', 'Create', 'Update', 'Close'][activity],
    type_uid: classUid * 100 + activity,
    time: Date.parse(event.timestamp),
    severity_id: severityId,
    severity: ['Unknown', 'Informational', 'Low', 'Medium', 'High', 'Critical'][severityId],
    status_id:
      finding?.state === 'resolved'
        ? 4
        : finding?.state === 'acknowledged'
          ? 2
          : finding?.state === 'silenced'
            ? 3
            : 1,
    message: event.message,
    metadata: {
      version: '1.8.0',
      uid: event.id,
      product: { name: 'Certglass', vendor_name: 'Certglass' },
      profiles: ['host'],
      labels: event.tags,
    },
    finding_info: {
      uid: finding?.id ?? event.id,
      title: event.message,
      created_time: Date.parse(finding?.opened_at ?? event.timestamp),
      types: [event.event_type],
      ...(finding?.link ? { src_url: finding.link } : {}),
    },
    ...(isDetection ? { is_alert: finding !== null } : { compliance: complianceOf(finding) }),
    ...(finding === null || finding.remediation === '' ? {} : { remediation: { desc: finding.remediation } }),
    resources: event.target_systems.map((name) => ({
      name,
      type: 'endpoint',
      ...(event.owner === null ? {} : { owner: { name: event.owner } }),
    })),
    ...(event.certificate_sha256 === null
      ? {}
      : { evidences: [{ tls: { certificate: certificateOf(event), version: '' } }] }),
    unmapped: {
      certglass:
        finding === null ? null : { rule: finding.rule, state: finding.state, details: finding.details },
    },
  };
}

function complianceOf(finding: CertglassEvent['finding']) {
  return {
    control: finding?.rule ?? '',
    standards: finding === null || finding.citation === '' ? ['Certglass policy'] : [finding.citation],
    status_id: finding?.state === 'resolved' ? 1 : 3,
    status: finding?.state === 'resolved' ? 'Pass' : 'Fail',
  };
}

/** OCSF `certificate`: issuer and serial_number are required. */
function certificateOf(event: CertglassEvent) {
  return {
    subject: event.certificate_subject ?? '',
    issuer: event.issuer ?? '',
    serial_number: event.certificate_serial ?? colonSerial('0'),
    fingerprints: [{ algorithm_id: 3, algorithm: 'SHA-256', value: event.certificate_sha256 }],
    ...(event.issued_date === null ? {} : { created_time: Date.parse(event.issued_date) }),
    ...(event.expiration_date === null ? {} : { expiration_time: Date.parse(event.expiration_date) }),
    sans: event.dns_names.map((name) => ({ name, type: 'DNS' })),
  };
}
