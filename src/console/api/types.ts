// Written by `npm run console:types` from the OpenAPI document of the API. A test compares; do not edit.

/** AlertExplanation of the API. */
export type AlertExplanation = { readonly channel: string; readonly status: "due" | "pending" | "sent" | "failed" | "held" | "skipped"; readonly at: string | null; readonly why: string; readonly steps: readonly (string)[]; readonly nextReminderAt: string | null };

/** AuditCheck of the API. */
export type AuditCheck = { readonly ok: boolean; readonly chains: readonly ({ readonly chain: string; readonly first: number; readonly number: number; readonly hash: string; readonly entries: number })[]; readonly earlier: number; readonly faults: readonly (string)[] };

/** AuditEntry of the API. */
export type AuditEntry = { readonly at: string; readonly actor: string; readonly action: string; readonly subject: string; readonly details: Readonly<Record<string, unknown>>; readonly number: number | null; readonly hash: string | null };

/** Backup of the API. */
export type Backup = { readonly path: string };

/** BulkAction of the API. */
export type BulkAction = { readonly ids?: readonly (string)[]; readonly filter?: { readonly host?: string; readonly hostSuffix?: string; readonly hostContains?: string; readonly id?: string; readonly state?: readonly ("open" | "acknowledged" | "silenced" | "accepted" | "resolved")[]; readonly severity?: readonly ("notice" | "warning" | "error" | "critical")[]; readonly rule?: readonly (string)[]; readonly certificateSha256?: string; readonly subjectKind?: readonly (string)[]; readonly subjectKey?: string; readonly cause?: string; readonly owner?: readonly (string)[]; readonly environment?: readonly (string)[]; readonly assignee?: readonly (string)[]; readonly tag?: readonly (string)[]; readonly dueBefore?: unknown; readonly dueAfter?: unknown; readonly q?: string }; readonly action: "acknowledge" | "silence" | "accept" | "assign" | "comment" | "ticket" | "reopen"; readonly note: string | null; readonly until: unknown; readonly assignee?: string | null; readonly ticket?: string | null };

/** BulkActionInput of the API. */
export type BulkActionInput = { readonly ids?: readonly (string)[]; readonly filter?: { readonly host?: string; readonly hostSuffix?: string; readonly hostContains?: string; readonly id?: string; readonly state?: string | readonly (string)[]; readonly severity?: string | readonly (string)[]; readonly rule?: string | readonly (string)[]; readonly certificateSha256?: string; readonly subjectKind?: string | readonly (string)[]; readonly subjectKey?: string; readonly cause?: string; readonly owner?: string | readonly (string)[]; readonly environment?: string | readonly (string)[]; readonly assignee?: string | readonly (string)[]; readonly tag?: string | readonly (string)[]; readonly dueBefore?: string; readonly dueAfter?: string; readonly q?: string }; readonly action: "acknowledge" | "silence" | "accept" | "assign" | "comment" | "ticket" | "reopen"; readonly note?: string | null; readonly until?: string | null; readonly assignee?: string | null; readonly ticket?: string | null };

/** BulkResult of the API. */
export type BulkResult = { readonly matched: number; readonly changed: number; readonly skipped: readonly ({ readonly id: string; readonly reason: string })[] };

/** Certificate of the API. */
export type Certificate = { readonly sha256: string; readonly sha1: string; readonly spkiSha256: string | null; readonly modulusSha256: string | null; readonly tbsSha256: string | null; readonly issuerSha256: string | null; readonly subjectSha256: string | null; readonly subject: string; readonly issuer: string; readonly serialNumber: string; readonly notBefore: string | null; readonly notAfter: string | null; readonly commonNames: readonly (string)[]; readonly organizations: readonly (string)[]; readonly dnsNames: readonly (string)[]; readonly ipAddresses: readonly (string)[]; readonly emailAddresses: readonly (string)[]; readonly uris: readonly (string)[]; readonly names: readonly (string)[]; readonly key: { readonly type: string; readonly bits: number | null; readonly curve: string | null } | null; readonly signatureAlgorithm: string | null; readonly isCa: boolean; readonly isSelfIssued: boolean; readonly isPrecertificate: boolean; readonly extendedKeyUsages: readonly (string)[] | null; readonly subjectKeyId: string | null; readonly authorityKeyId: string | null; readonly crlUrls: readonly (string)[]; readonly ocspUrls: readonly (string)[]; readonly caIssuerUrls: readonly (string)[]; readonly sctCount: number | null; readonly problems: readonly ({ readonly code: string; readonly message: string; readonly fatal: boolean })[]; readonly firstSeenAt: string };

/** CertificateDetail of the API. */
export type CertificateDetail = { readonly sha256: string; readonly sha1: string; readonly spkiSha256: string | null; readonly modulusSha256: string | null; readonly tbsSha256: string | null; readonly issuerSha256: string | null; readonly subjectSha256: string | null; readonly subject: string; readonly issuer: string; readonly serialNumber: string; readonly notBefore: string | null; readonly notAfter: string | null; readonly commonNames: readonly (string)[]; readonly organizations: readonly (string)[]; readonly dnsNames: readonly (string)[]; readonly ipAddresses: readonly (string)[]; readonly emailAddresses: readonly (string)[]; readonly uris: readonly (string)[]; readonly names: readonly (string)[]; readonly key: { readonly type: string; readonly bits: number | null; readonly curve: string | null } | null; readonly signatureAlgorithm: string | null; readonly isCa: boolean; readonly isSelfIssued: boolean; readonly isPrecertificate: boolean; readonly extendedKeyUsages: readonly (string)[] | null; readonly subjectKeyId: string | null; readonly authorityKeyId: string | null; readonly crlUrls: readonly (string)[]; readonly ocspUrls: readonly (string)[]; readonly caIssuerUrls: readonly (string)[]; readonly sctCount: number | null; readonly problems: readonly ({ readonly code: string; readonly message: string; readonly fatal: boolean })[]; readonly firstSeenAt: string; readonly servedNow: readonly (Endpoint)[]; readonly servedEver: readonly ({ readonly endpointKey: string; readonly firstSeenAt: string; readonly lastSeenAt: string })[]; readonly logged: readonly ({ readonly logId: string; readonly log: string | null; readonly leafIndex: number; readonly timestamp: string; readonly entryType: "x509" | "precertificate" | "unknown"; readonly verified: boolean })[]; readonly inventory: readonly (InventoryItem)[]; readonly issuance: readonly ({ readonly sha256: string; readonly isPrecertificate: boolean })[]; readonly predecessor: RelatedCertificate | null; readonly successor: RelatedCertificate | null; readonly sameKey: readonly (RelatedCertificate)[]; readonly examination: Examination | null };

/** CertificateInput of the API. */
export type CertificateInput = { readonly sha256: string; readonly sha1: string; readonly spkiSha256: string | null; readonly modulusSha256: string | null; readonly tbsSha256: string | null; readonly issuerSha256: string | null; readonly subjectSha256: string | null; readonly subject: string; readonly issuer: string; readonly serialNumber: string; readonly notBefore: string | null; readonly notAfter: string | null; readonly commonNames: readonly (string)[]; readonly organizations: readonly (string)[]; readonly dnsNames: readonly (string)[]; readonly ipAddresses: readonly (string)[]; readonly emailAddresses: readonly (string)[]; readonly uris: readonly (string)[]; readonly names: readonly (string)[]; readonly key: { readonly type: string; readonly bits: number | null; readonly curve: string | null } | null; readonly signatureAlgorithm: string | null; readonly isCa: boolean; readonly isSelfIssued: boolean; readonly isPrecertificate: boolean; readonly extendedKeyUsages: readonly (string)[] | null; readonly subjectKeyId: string | null; readonly authorityKeyId: string | null; readonly crlUrls: readonly (string)[]; readonly ocspUrls: readonly (string)[]; readonly caIssuerUrls: readonly (string)[]; readonly sctCount: number | null; readonly problems: readonly ({ readonly code: string; readonly message: string; readonly fatal: boolean })[]; readonly firstSeenAt: string };

/** Channel of the API. */
export type Channel = { readonly name: string; readonly kind: string | null; readonly state: "ok" | "retrying" | "failing" | "unused"; readonly lastSentAt: string | null; readonly lastFailedAt: string | null; readonly lastDetail: string | null; readonly pending: number; readonly failed: number };

/** ChannelTest of the API. */
export type ChannelTest = { readonly channel: string; readonly ok: boolean; readonly partial: boolean; readonly detail: string; readonly seconds: number };

/** Comparison of the API. */
export type Comparison = { readonly a: Certificate; readonly b: Certificate; readonly differences: readonly (string)[]; readonly namesOnlyInA: readonly (string)[]; readonly namesOnlyInB: readonly (string)[] };

/** CtLog of the API. */
export type CtLog = { readonly logId: string; readonly cursor: string; readonly description: string; readonly operator: string; readonly url: string; readonly protocol: "rfc6962" | "static-ct"; readonly state: string | null; readonly treeSize: number; readonly verifiedIndex: number; readonly behind: number; readonly entries: number; readonly newestEntryAt: string | null; readonly lastError: string | null; readonly entriesPerSecond: number; readonly lagSeconds: number; readonly etaSeconds: number | null; readonly budget: { readonly requestsPerSecond: number | null; readonly active: number; readonly waiting: number; readonly blockedSeconds: number; readonly failuresInARow: number } | null; readonly updatedAt: string };

/** CtLogDetail of the API. */
export type CtLogDetail = { readonly logId: string; readonly positions: readonly (CtLog)[]; readonly findings: readonly (Finding)[]; readonly matched24h: number | null };

/** CtLogInput of the API. */
export type CtLogInput = { readonly logId: string; readonly cursor: string; readonly description: string; readonly operator: string; readonly url: string; readonly protocol: "rfc6962" | "static-ct"; readonly state: string | null; readonly treeSize: number; readonly verifiedIndex: number; readonly behind: number; readonly entries: number; readonly newestEntryAt: string | null; readonly lastError: string | null; readonly entriesPerSecond: number; readonly lagSeconds: number; readonly etaSeconds: number | null; readonly budget: { readonly requestsPerSecond: number | null; readonly active: number; readonly waiting: number; readonly blockedSeconds: number; readonly failuresInARow: number } | null; readonly updatedAt: string };

/** CtMatch of the API. */
export type CtMatch = { readonly logId: string; readonly log: string | null; readonly leafIndex: number; readonly timestamp: string; readonly seenAt: string; readonly entryType: "x509" | "precertificate" | "unknown"; readonly sha256: string; readonly verified: boolean; readonly matches: readonly ({ readonly watch: string; readonly item: string; readonly value: string; readonly reason: string | null })[]; readonly subject: string | null; readonly issuer: string | null; readonly notAfter: string | null; readonly names: readonly (string)[] };

/** CtRecall of the API. */
export type CtRecall = { readonly measuredAt: string; readonly operators: readonly ({ readonly operator: string; readonly expected: number; readonly found: number })[]; readonly missing: readonly ({ readonly sha256: string; readonly subject: string; readonly log: string; readonly operator: string; readonly signedAt: string })[]; readonly names: { readonly logged: number; readonly scanned: number } };

/** Delivery of the API. */
export type Delivery = { readonly id: string; readonly channel: string; readonly items: readonly ({ readonly findingId: string; readonly revision: number })[]; readonly state: "pending" | "sent" | "failed" | "held" | "skipped"; readonly attempts: number; readonly createdAt: string; readonly nextAttemptAt: string | null; readonly sentAt: string | null; readonly lastDetail: string | null };

/** DeliveryInput of the API. */
export type DeliveryInput = { readonly id: string; readonly channel: string; readonly items: readonly ({ readonly findingId: string; readonly revision: number })[]; readonly state: "pending" | "sent" | "failed" | "held" | "skipped"; readonly attempts: number; readonly createdAt: string; readonly nextAttemptAt: string | null; readonly sentAt: string | null; readonly lastDetail: string | null };

/** DeployGap of the API. */
export type DeployGap = { readonly tbsSha256: string; readonly certificates: readonly (RelatedCertificate)[]; readonly predecessor: RelatedCertificate | null; readonly successor: RelatedCertificate | null; readonly endpoints: readonly (Endpoint)[]; readonly spans: readonly (ServedSpan)[]; readonly serving: { readonly this: number; readonly predecessor: number; readonly successor: number }; readonly renewedBeforeDays: number | null; readonly outageAt: string | null };

/** DomainFigures of the API. */
export type DomainFigures = { readonly domain: string; readonly names: number; readonly certificates: number; readonly unexpired: number; readonly everServed: number; readonly servedNow: number; readonly byMonth: readonly ({ readonly month: string; readonly served: number; readonly neverServed: number })[]; readonly byIssuer: readonly ({ readonly issuer: string; readonly certificates: number })[] };

/** Endpoint of the API. */
export type Endpoint = { readonly key: string; readonly target: Target; readonly firstSeenAt: string; readonly lastObservedAt: string; readonly lastOutcome: "ok" | "unresolved" | "out-of-scope" | "refused" | "unreachable" | "timeout" | "silent" | "reset" | "closed" | "plain-http" | "not-tls" | "starttls-refused" | "alert" | "no-certificate" | "too-large" | "protocol-error"; readonly lastDetail: string | null; readonly lastOkAt: string | null; readonly chain: readonly (string)[]; readonly tls: Tls | null; readonly survey?: Survey | null; readonly surveyedAt?: string | null };

/** EndpointDetail of the API. */
export type EndpointDetail = { readonly key: string; readonly target: Target; readonly firstSeenAt: string; readonly lastObservedAt: string; readonly lastOutcome: "ok" | "unresolved" | "out-of-scope" | "refused" | "unreachable" | "timeout" | "silent" | "reset" | "closed" | "plain-http" | "not-tls" | "starttls-refused" | "alert" | "no-certificate" | "too-large" | "protocol-error"; readonly lastDetail: string | null; readonly lastOkAt: string | null; readonly chain: readonly (string)[]; readonly tls: Tls | null; readonly survey?: Survey | null; readonly surveyedAt?: string | null; readonly spans: readonly (ServedSpan)[]; readonly certificates: readonly (RelatedCertificate)[] };

/** EndpointHistory of the API. */
export type EndpointHistory = { readonly items: readonly (ServedSpan)[] };

/** EndpointInput of the API. */
export type EndpointInput = { readonly key: string; readonly target: TargetInput; readonly firstSeenAt: string; readonly lastObservedAt: string; readonly lastOutcome: "ok" | "unresolved" | "out-of-scope" | "refused" | "unreachable" | "timeout" | "silent" | "reset" | "closed" | "plain-http" | "not-tls" | "starttls-refused" | "alert" | "no-certificate" | "too-large" | "protocol-error"; readonly lastDetail: string | null; readonly lastOkAt: string | null; readonly chain: readonly (string)[]; readonly tls: TlsInput | null; readonly survey?: SurveyInput | null; readonly surveyedAt?: string | null };

/** EndpointOutcomes of the API. */
export type EndpointOutcomes = { readonly outcomes: Readonly<Record<string, number>> };

/** Evidence of the API. */
export type Evidence = { readonly label: string; readonly value: string; readonly expected: string | null; readonly source: string; readonly at: string | null };

/** EvidenceInput of the API. */
export type EvidenceInput = { readonly label: string; readonly value: string; readonly expected: string | null; readonly source: string; readonly at: string | null };

/** Examination of the API. */
export type Examination = { readonly extensions: readonly ({ readonly oid: string; readonly critical: boolean; readonly value: string; readonly text: string | null })[]; readonly unreadable: string | null; readonly chain: readonly ({ readonly sha256: string; readonly subject: string; readonly from: "served" | "logged" | "known" | "root-store"; readonly notAfter: string | null })[]; readonly trust: readonly ({ readonly store: string; readonly verdict: "valid" | "invalid"; readonly grade: "valid" | "faulty" | "invalid"; readonly path: readonly (string)[]; readonly errors: readonly ({ readonly code: string; readonly message: string; readonly section: string })[]; readonly warnings: readonly ({ readonly code: string; readonly message: string; readonly section: string })[] })[]; readonly transparency: { readonly scts: readonly ({ readonly logId: string; readonly log: string | null; readonly operator: string | null; readonly timestamp: string | null; readonly verdict: string })[]; readonly problems: readonly (string)[]; readonly policies: readonly ({ readonly policy: string; readonly compliant: boolean | null; readonly requiredScts: number; readonly countedScts: number; readonly reasons: readonly (string)[] })[] } | null; readonly verdicts: readonly ({ readonly rule: string; readonly title: string; readonly answer: "found" | "pass" | "not-applicable" | "not-in-force" | "off"; readonly severity: "notice" | "warning" | "error" | "critical" | null; readonly details: Readonly<Record<string, unknown>> })[] };

/** ExaminationInput of the API. */
export type ExaminationInput = { readonly extensions: readonly ({ readonly oid: string; readonly critical: boolean; readonly value: string; readonly text: string | null })[]; readonly unreadable: string | null; readonly chain: readonly ({ readonly sha256: string; readonly subject: string; readonly from: "served" | "logged" | "known" | "root-store"; readonly notAfter: string | null })[]; readonly trust: readonly ({ readonly store: string; readonly verdict: "valid" | "invalid"; readonly grade: "valid" | "faulty" | "invalid"; readonly path: readonly (string)[]; readonly errors: readonly ({ readonly code: string; readonly message: string; readonly section: string })[]; readonly warnings: readonly ({ readonly code: string; readonly message: string; readonly section: string })[] })[]; readonly transparency: { readonly scts: readonly ({ readonly logId: string; readonly log: string | null; readonly operator: string | null; readonly timestamp: string | null; readonly verdict: string })[]; readonly problems: readonly (string)[]; readonly policies: readonly ({ readonly policy: string; readonly compliant: boolean | null; readonly requiredScts: number; readonly countedScts: number; readonly reasons: readonly (string)[] })[] } | null; readonly verdicts: readonly ({ readonly rule: string; readonly title: string; readonly answer: "found" | "pass" | "not-applicable" | "not-in-force" | "off"; readonly severity: "notice" | "warning" | "error" | "critical" | null; readonly details: Readonly<Record<string, unknown>> })[] };

/** ExpiryTimeline of the API. */
export type ExpiryTimeline = { readonly items: readonly ({ readonly day: string; readonly overdue: number; readonly notInstalled: number; readonly onCourse: number })[] };

/** Finding of the API. */
export type Finding = { readonly id: string; readonly rule: string; readonly severity: "notice" | "warning" | "error" | "critical"; readonly title: string; readonly subject: { readonly kind: string; readonly key: string }; readonly details: Readonly<Record<string, unknown>>; readonly evidence: readonly (Evidence)[]; readonly cause: string; readonly host: string | null; readonly certificateSha256: string | null; readonly dueAt: string | null; readonly owner: string | null; readonly environment: string | null; readonly tags: readonly (string)[]; readonly state: "open" | "acknowledged" | "silenced" | "accepted" | "resolved"; readonly revision: number; readonly change: "opened" | "reopened" | "severity-raised" | "severity-lowered" | "acknowledged" | "silenced" | "accepted" | "assigned" | "commented" | "ticket" | "resolved"; readonly until: string | null; readonly resolution: "fixed" | "superseded" | "gone" | "out-of-scope" | "expired" | "explained" | null; readonly firstSeenAt: string; readonly openedAt: string; readonly lastSeenAt: string; readonly resolvedAt: string | null; readonly assignee: string | null; readonly ticket: string | null; readonly changedBy: string; readonly note: string | null };

/** FindingDetail of the API. */
export type FindingDetail = { readonly id: string; readonly rule: string; readonly severity: "notice" | "warning" | "error" | "critical"; readonly title: string; readonly subject: { readonly kind: string; readonly key: string }; readonly details: Readonly<Record<string, unknown>>; readonly evidence: readonly (Evidence)[]; readonly cause: string; readonly host: string | null; readonly certificateSha256: string | null; readonly dueAt: string | null; readonly owner: string | null; readonly environment: string | null; readonly tags: readonly (string)[]; readonly state: "open" | "acknowledged" | "silenced" | "accepted" | "resolved"; readonly revision: number; readonly change: "opened" | "reopened" | "severity-raised" | "severity-lowered" | "acknowledged" | "silenced" | "accepted" | "assigned" | "commented" | "ticket" | "resolved"; readonly until: string | null; readonly resolution: "fixed" | "superseded" | "gone" | "out-of-scope" | "expired" | "explained" | null; readonly firstSeenAt: string; readonly openedAt: string; readonly lastSeenAt: string; readonly resolvedAt: string | null; readonly assignee: string | null; readonly ticket: string | null; readonly changedBy: string; readonly note: string | null; readonly history: readonly (Finding)[]; readonly deliveries: readonly (Delivery)[]; readonly related: readonly (Finding)[] };

/** FindingFacets of the API. */
export type FindingFacets = { readonly state: Readonly<Record<string, number>>; readonly severity: Readonly<Record<string, number>>; readonly rule: Readonly<Record<string, number>>; readonly subjectKind: Readonly<Record<string, number>>; readonly owner: Readonly<Record<string, number>>; readonly environment: Readonly<Record<string, number>>; readonly assignee: Readonly<Record<string, number>> };

/** FindingGroup of the API. */
export type FindingGroup = { readonly key: string; readonly count: number; readonly severity: "notice" | "warning" | "error" | "critical"; readonly states: readonly ("open" | "acknowledged" | "silenced" | "accepted" | "resolved")[]; readonly dueAt: string | null; readonly openedAt: string; readonly rules: readonly (string)[]; readonly hosts: readonly (string)[]; readonly hostCount: number; readonly owners: readonly (string)[]; readonly environments: readonly (string)[]; readonly assignees: readonly (string)[]; readonly finding: Finding };

/** FindingGroupInput of the API. */
export type FindingGroupInput = { readonly key: string; readonly count: number; readonly severity: "notice" | "warning" | "error" | "critical"; readonly states: readonly ("open" | "acknowledged" | "silenced" | "accepted" | "resolved")[]; readonly dueAt: string | null; readonly openedAt: string; readonly rules: readonly (string)[]; readonly hosts: readonly (string)[]; readonly hostCount: number; readonly owners: readonly (string)[]; readonly environments: readonly (string)[]; readonly assignees: readonly (string)[]; readonly finding: FindingInput };

/** FindingInput of the API. */
export type FindingInput = { readonly id: string; readonly rule: string; readonly severity: "notice" | "warning" | "error" | "critical"; readonly title: string; readonly subject: { readonly kind: string; readonly key: string }; readonly details: Readonly<Record<string, unknown>>; readonly evidence: readonly (EvidenceInput)[]; readonly cause: string; readonly host: string | null; readonly certificateSha256: string | null; readonly dueAt: string | null; readonly owner: string | null; readonly environment: string | null; readonly tags: readonly (string)[]; readonly state: "open" | "acknowledged" | "silenced" | "accepted" | "resolved"; readonly revision: number; readonly change: "opened" | "reopened" | "severity-raised" | "severity-lowered" | "acknowledged" | "silenced" | "accepted" | "assigned" | "commented" | "ticket" | "resolved"; readonly until: string | null; readonly resolution: "fixed" | "superseded" | "gone" | "out-of-scope" | "expired" | "explained" | null; readonly firstSeenAt: string; readonly openedAt: string; readonly lastSeenAt: string; readonly resolvedAt: string | null; readonly assignee: string | null; readonly ticket: string | null; readonly changedBy: string; readonly note: string | null };

/** Frameworks of the API. */
export type Frameworks = { readonly items: readonly (ReportDescription)[] };

/** Health of the API. */
export type Health = { readonly status: "ok" | "degraded" | "unavailable"; readonly version: string };

/** Incident of the API. */
export type Incident = { readonly id: string; readonly kind: "key" | "issuer" | "intermediate" | "ca" | "log"; readonly value: string; readonly note: string; readonly drill: boolean; readonly openedAt: string; readonly openedBy: string; readonly closedAt: string | null; readonly closedBy: string | null; readonly closingNote: string; readonly atOpening: IncidentProgress; readonly atClosing: IncidentProgress | null };

/** IncidentDetail of the API. */
export type IncidentDetail = { readonly id: string; readonly kind: "key" | "issuer" | "intermediate" | "ca" | "log"; readonly value: string; readonly note: string; readonly drill: boolean; readonly openedAt: string; readonly openedBy: string; readonly closedAt: string | null; readonly closedBy: string | null; readonly closingNote: string; readonly atOpening: IncidentProgress; readonly atClosing: IncidentProgress | null; readonly progress: IncidentProgress };

/** IncidentInput of the API. */
export type IncidentInput = { readonly id: string; readonly kind: "key" | "issuer" | "intermediate" | "ca" | "log"; readonly value: string; readonly note: string; readonly drill: boolean; readonly openedAt: string; readonly openedBy: string; readonly closedAt: string | null; readonly closedBy: string | null; readonly closingNote: string; readonly atOpening: IncidentProgressInput; readonly atClosing: IncidentProgressInput | null };

/** IncidentProgress of the API. */
export type IncidentProgress = { readonly certificates: number; readonly serving: number; readonly reissued: number; readonly replaced: number; readonly notServed: number; readonly expired: number; readonly endpointsServing: number; readonly endpointsReplaced: number };

/** IncidentProgressInput of the API. */
export type IncidentProgressInput = { readonly certificates: number; readonly serving: number; readonly reissued: number; readonly replaced: number; readonly notServed: number; readonly expired: number; readonly endpointsServing: number; readonly endpointsReplaced: number };

/** IncidentRequest of the API. */
export type IncidentRequest = { readonly kind: "key" | "issuer" | "intermediate" | "ca" | "log"; readonly value: string; readonly note: string; readonly drill: boolean };

/** IncidentRequestInput of the API. */
export type IncidentRequestInput = { readonly kind: "key" | "issuer" | "intermediate" | "ca" | "log"; readonly value: string; readonly note?: string; readonly drill?: boolean };

/** Incidents of the API. */
export type Incidents = { readonly items: readonly (Incident)[] };

/** InventoryItem of the API. */
export type InventoryItem = { readonly source: string; readonly reference: string; readonly sha256: string | null; readonly sha1: string | null; readonly spkiSha256: string | null; readonly tbsSha256: string | null; readonly issuerSha256: string | null; readonly serialNumber: string | null; readonly owner: string | null; readonly labels: Readonly<Record<string, string>>; readonly environment: string | null; readonly tags: readonly (string)[]; readonly names: readonly (string)[]; readonly inUseBy: readonly (string)[]; readonly status: string | null; readonly renewal: { readonly isAutomatic: boolean | null; readonly dueAt: string | null; readonly failedAt: string | null; readonly failures: number | null; readonly message: string | null } | null };

/** InventoryItemInput of the API. */
export type InventoryItemInput = { readonly source: string; readonly reference: string; readonly sha256: string | null; readonly sha1: string | null; readonly spkiSha256: string | null; readonly tbsSha256: string | null; readonly issuerSha256: string | null; readonly serialNumber: string | null; readonly owner: string | null; readonly labels: Readonly<Record<string, string>>; readonly environment: string | null; readonly tags: readonly (string)[]; readonly names: readonly (string)[]; readonly inUseBy: readonly (string)[]; readonly status: string | null; readonly renewal: { readonly isAutomatic: boolean | null; readonly dueAt: string | null; readonly failedAt: string | null; readonly failures: number | null; readonly message: string | null } | null };

/** InventoryRun of the API. */
export type InventoryRun = { readonly source: string; readonly startedAt: string; readonly finishedAt: string; readonly complete: boolean; readonly items: number; readonly errors: readonly (string)[]; readonly notes: readonly (string)[] };

/** InventoryRunInput of the API. */
export type InventoryRunInput = { readonly source: string; readonly startedAt: string; readonly finishedAt: string; readonly complete: boolean; readonly items: number; readonly errors: readonly (string)[]; readonly notes: readonly (string)[] };

/** InventorySource of the API. */
export type InventorySource = { readonly source: string; readonly configured: boolean; readonly running: boolean; readonly lastRun: InventoryRun | null; readonly lastCompleteAt: string | null; readonly stale: boolean; readonly items: number };

/** Issuance of the API. */
export type Issuance = { readonly sha256: string; readonly sha1: string; readonly spkiSha256: string | null; readonly modulusSha256: string | null; readonly tbsSha256: string | null; readonly issuerSha256: string | null; readonly subjectSha256: string | null; readonly subject: string; readonly issuer: string; readonly serialNumber: string; readonly notBefore: string | null; readonly notAfter: string | null; readonly commonNames: readonly (string)[]; readonly organizations: readonly (string)[]; readonly dnsNames: readonly (string)[]; readonly ipAddresses: readonly (string)[]; readonly emailAddresses: readonly (string)[]; readonly uris: readonly (string)[]; readonly names: readonly (string)[]; readonly key: { readonly type: string; readonly bits: number | null; readonly curve: string | null } | null; readonly signatureAlgorithm: string | null; readonly isCa: boolean; readonly isSelfIssued: boolean; readonly isPrecertificate: boolean; readonly extendedKeyUsages: readonly (string)[] | null; readonly subjectKeyId: string | null; readonly authorityKeyId: string | null; readonly crlUrls: readonly (string)[]; readonly ocspUrls: readonly (string)[]; readonly caIssuerUrls: readonly (string)[]; readonly sctCount: number | null; readonly problems: readonly ({ readonly code: string; readonly message: string; readonly fatal: boolean })[]; readonly firstSeenAt: string; readonly nameCount: number; readonly servedCount: number; readonly logged: boolean; readonly worstFinding: { readonly id: string; readonly rule: string; readonly severity: "notice" | "warning" | "error" | "critical" } | null; readonly owner: string | null };

/** ListedCertificate of the API. */
export type ListedCertificate = { readonly sha256: string; readonly sha1: string; readonly spkiSha256: string | null; readonly modulusSha256: string | null; readonly tbsSha256: string | null; readonly issuerSha256: string | null; readonly subjectSha256: string | null; readonly subject: string; readonly issuer: string; readonly serialNumber: string; readonly notBefore: string | null; readonly notAfter: string | null; readonly commonNames: readonly (string)[]; readonly organizations: readonly (string)[]; readonly dnsNames: readonly (string)[]; readonly ipAddresses: readonly (string)[]; readonly emailAddresses: readonly (string)[]; readonly uris: readonly (string)[]; readonly names: readonly (string)[]; readonly key: { readonly type: string; readonly bits: number | null; readonly curve: string | null } | null; readonly signatureAlgorithm: string | null; readonly isCa: boolean; readonly isSelfIssued: boolean; readonly isPrecertificate: boolean; readonly extendedKeyUsages: readonly (string)[] | null; readonly subjectKeyId: string | null; readonly authorityKeyId: string | null; readonly crlUrls: readonly (string)[]; readonly ocspUrls: readonly (string)[]; readonly caIssuerUrls: readonly (string)[]; readonly sctCount: number | null; readonly problems: readonly ({ readonly code: string; readonly message: string; readonly fatal: boolean })[]; readonly firstSeenAt: string; readonly nameCount: number };

/** ListedEndpoint of the API. */
export type ListedEndpoint = { readonly key: string; readonly target: Target; readonly firstSeenAt: string; readonly lastObservedAt: string; readonly lastOutcome: "ok" | "unresolved" | "out-of-scope" | "refused" | "unreachable" | "timeout" | "silent" | "reset" | "closed" | "plain-http" | "not-tls" | "starttls-refused" | "alert" | "no-certificate" | "too-large" | "protocol-error"; readonly lastDetail: string | null; readonly lastOkAt: string | null; readonly chain: readonly (string)[]; readonly tls: Tls | null; readonly survey?: Survey | null; readonly surveyedAt?: string | null; readonly leaf: { readonly subject: string; readonly issuer: string; readonly notBefore: string | null; readonly notAfter: string | null; readonly names: readonly (string)[] } | null; readonly worstFinding: { readonly id: string; readonly rule: string; readonly severity: string } | null };

/** Me of the API. */
export type Me = { readonly name: string; readonly role: "reader" | "operator" | "admin"; readonly scope: { readonly domains: readonly (string)[]; readonly tags: readonly (string)[] } | null; readonly via: "local" | "token" | "password" | "oidc"; readonly expiresAt: string | null; readonly csrfToken: string | null; readonly version: string; readonly setupNeeded: boolean };

/** Name of the API. */
export type Name = { readonly name: string; readonly certificates: number; readonly sha256: string; readonly notAfter: string | null };

/** NewToken of the API. */
export type NewToken = { readonly id: string | null; readonly name: string; readonly role: "reader" | "operator" | "admin"; readonly scope: { readonly domains: readonly (string)[]; readonly tags: readonly (string)[] } | null; readonly createdAt: string | null; readonly createdBy: string | null; readonly expiresAt: string | null; readonly revokedAt: string | null; readonly lastUsedAt: string | null; readonly secret: string };

/** NewUser of the API. */
export type NewUser = { readonly name: string; readonly role: "reader" | "operator" | "admin"; readonly scope: { readonly domains: readonly (string)[]; readonly tags: readonly (string)[] } | null; readonly createdAt: string; readonly createdBy: string; readonly hasPassword: boolean; readonly setupExpiresAt: string | null; readonly setupSecret: string };

/** Observation of the API. */
export type Observation = { readonly endpointKey: string; readonly observedAt: string; readonly scanId: string; readonly target: Target; readonly outcome: "ok" | "unresolved" | "out-of-scope" | "refused" | "unreachable" | "timeout" | "silent" | "reset" | "closed" | "plain-http" | "not-tls" | "starttls-refused" | "alert" | "no-certificate" | "too-large" | "protocol-error"; readonly detail: string | null; readonly tls: Tls | null; readonly certificateSha256: string | null; readonly chain: readonly (string)[]; readonly survey: Survey | null; readonly durationMs: number };

/** Overview of the API. */
export type Overview = { readonly at: string; readonly findings: { readonly open: Readonly<Record<string, number>>; readonly states: Readonly<Record<string, number>>; readonly causes: number }; readonly causes: readonly (FindingGroup)[]; readonly figures: { readonly certificatesServed: number; readonly certificatesValid: number; readonly endpoints: number; readonly endpointsAnswering: number; readonly endpointsObservedToday: number; readonly names: number; readonly servedInInventory: number; readonly ctLogs: number; readonly ctLogsCurrent: number }; readonly logs: readonly ({ readonly logId: string; readonly log: string; readonly behind: number; readonly lagSeconds: number })[]; readonly inventory: { readonly sources: number; readonly failing: readonly (string)[] }; readonly scans: { readonly running: number; readonly lastFinishedAt: string | null }; readonly deliveries: { readonly failed: number; readonly pending: number }; readonly byIssuer: readonly ({ readonly key: string; readonly served: number })[]; readonly byOwner: readonly ({ readonly key: string; readonly served: number; readonly open: number; readonly worst: "notice" | "warning" | "error" | "critical" | null })[]; readonly byEnvironment: readonly ({ readonly key: string; readonly served: number })[] };

/** Policy of the API. */
export type Policy = { readonly settings: readonly (Setting)[]; readonly rules: readonly ({ readonly id: string; readonly title: string; readonly enabled: boolean; readonly severity: string; readonly usualSeverity: string; readonly isChanged: boolean })[] };

/** PolicyExplanation of the API. */
export type PolicyExplanation = { readonly name: string; readonly ownedDomain: string | null; readonly owner: string | null; readonly environment: string | null; readonly tags: readonly (string)[]; readonly line: number | null; readonly considered: readonly ({ readonly line: number; readonly applies: boolean; readonly because: string })[]; readonly approvedIssuers: readonly (string)[]; readonly expiring: { readonly warnFraction: number; readonly warnDays: number; readonly errorFraction: number; readonly errorDays: number }; readonly rules: readonly ({ readonly rule: string; readonly enabled: boolean; readonly severity: "notice" | "warning" | "error" | "critical" | null })[]; readonly exceptions: readonly ({ readonly rules: readonly (string)[]; readonly reason: string; readonly approver: string; readonly expires: string })[] };

/** PolicyPreview of the API. */
export type PolicyPreview = { readonly opens: readonly ({ readonly id: string; readonly rule: string; readonly severity: "notice" | "warning" | "error" | "critical"; readonly state: string; readonly title: string; readonly subject: { readonly kind: string; readonly key: string }; readonly host: string | null })[]; readonly closes: readonly ({ readonly id: string; readonly rule: string; readonly severity: "notice" | "warning" | "error" | "critical"; readonly state: string; readonly title: string; readonly subject: { readonly kind: string; readonly key: string }; readonly host: string | null })[]; readonly changes: readonly ({ readonly before: { readonly id: string; readonly rule: string; readonly severity: "notice" | "warning" | "error" | "critical"; readonly state: string; readonly title: string; readonly subject: { readonly kind: string; readonly key: string }; readonly host: string | null }; readonly after: { readonly id: string; readonly rule: string; readonly severity: "notice" | "warning" | "error" | "critical"; readonly state: string; readonly title: string; readonly subject: { readonly kind: string; readonly key: string }; readonly host: string | null } })[]; readonly counts: { readonly opens: number; readonly closes: number; readonly changes: number } };

/** Problem of the API. */
export type Problem = { readonly type: string; readonly title: string; readonly status: number; readonly detail: string; readonly instance: string; readonly errors: readonly ({ readonly in: string; readonly path: string; readonly message: string })[] };

/** PushResult of the API. */
export type PushResult = { readonly source: string; readonly accepted: number; readonly total: number };

/** Recall of the API. */
export type Recall = { readonly items: readonly ({ readonly operator: string; readonly served: number; readonly seen: number })[] };

/** RelatedCertificate of the API. */
export type RelatedCertificate = { readonly sha256: string; readonly tbsSha256: string | null; readonly subject: string; readonly issuer: string; readonly notBefore: string | null; readonly notAfter: string | null; readonly names: readonly (string)[]; readonly servedCount: number };

/** RelatedCertificateInput of the API. */
export type RelatedCertificateInput = { readonly sha256: string; readonly tbsSha256: string | null; readonly subject: string; readonly issuer: string; readonly notBefore: string | null; readonly notAfter: string | null; readonly names: readonly (string)[]; readonly servedCount: number };

/** ReportDescription of the API. */
export type ReportDescription = { readonly id: string; readonly title: string; readonly description: string };

/** ReportDescriptionInput of the API. */
export type ReportDescriptionInput = { readonly id: string; readonly title: string; readonly description: string };

/** Reports of the API. */
export type Reports = { readonly items: readonly (ReportDescription)[] };

/** Review of the API. */
export type Review = { readonly id: string; readonly kind: "inventory" | "policy" | "annual" | "ciphers"; readonly from: string; readonly to: string; readonly startedAt: string; readonly startedBy: string; readonly closedAt: string | null; readonly closedBy: string | null; readonly closingNote: string; readonly previous: string | null; readonly itemCount: number; readonly confirmed: number };

/** ReviewDetail of the API. */
export type ReviewDetail = { readonly id: string; readonly kind: "inventory" | "policy" | "annual" | "ciphers"; readonly from: string; readonly to: string; readonly startedAt: string; readonly startedBy: string; readonly closedAt: string | null; readonly closedBy: string | null; readonly closingNote: string; readonly previous: string | null; readonly itemCount: number; readonly confirmed: number; readonly differences: readonly (string)[]; readonly items: readonly ({ readonly id: string; readonly title: string; readonly detail: string; readonly confirmedAt: string | null; readonly confirmedBy: string | null; readonly note: string })[] };

/** ReviewDue of the API. */
export type ReviewDue = { readonly kind: "inventory" | "policy" | "annual" | "ciphers"; readonly title: string; readonly everyDays: number; readonly lastClosedAt: string | null; readonly dueAt: string | null; readonly open: string | null };

/** ReviewDueInput of the API. */
export type ReviewDueInput = { readonly kind: "inventory" | "policy" | "annual" | "ciphers"; readonly title: string; readonly everyDays: number; readonly lastClosedAt: string | null; readonly dueAt: string | null; readonly open: string | null };

/** ReviewInput of the API. */
export type ReviewInput = { readonly id: string; readonly kind: "inventory" | "policy" | "annual" | "ciphers"; readonly from: string; readonly to: string; readonly startedAt: string; readonly startedBy: string; readonly closedAt: string | null; readonly closedBy: string | null; readonly closingNote: string; readonly previous: string | null; readonly itemCount: number; readonly confirmed: number };

/** Reviews of the API. */
export type Reviews = { readonly items: readonly (Review)[]; readonly due: readonly (ReviewDue)[] };

/** Rule of the API. */
export type Rule = { readonly id: string; readonly title: string; readonly kind: string; readonly severity: "notice" | "warning" | "error" | "critical"; readonly citation: string; readonly remediation: string; readonly effectiveFrom: string | null };

/** Scan of the API. */
export type Scan = { readonly id: string; readonly name: string; readonly trigger: "request" | "schedule"; readonly startedBy: string | null; readonly startedAt: string; readonly finishedAt: string | null; readonly seconds: number | null; readonly targets: number; readonly outcomes: Readonly<Record<string, number>>; readonly resumable: boolean; readonly stoppable: boolean; readonly progress: { readonly done: number; readonly total: number | null; readonly rate: number; readonly secondsLeft: number | null } | null };

/** ScanPreview of the API. */
export type ScanPreview = { readonly targets: readonly ({ readonly target: string; readonly kind: "host" | "range" | "service" | "invalid"; readonly endpoints: number | null; readonly refusal: string | null })[]; readonly endpoints: number; readonly refused: number; readonly seconds: number };

/** ScanRequest of the API. */
export type ScanRequest = { readonly targets: readonly (string)[]; readonly ports: readonly (number)[] | null; readonly depth: "fast" | "full" | "survey" | null; readonly starttls: "auto" | "none" | "smtp" | "lmtp" | "imap" | "pop3" | "ftp" | "ldap" | "postgres" | "mysql" | "xmpp-client" | "xmpp-server" | "nntp" | "sieve" | "rdp" | "mssql" | "irc" | null };

/** ScanRequestInput of the API. */
export type ScanRequestInput = { readonly targets: readonly (string)[]; readonly ports?: readonly (number)[] | null; readonly depth?: "fast" | "full" | "survey" | null; readonly starttls?: "auto" | "none" | "smtp" | "lmtp" | "imap" | "pop3" | "ftp" | "ldap" | "postgres" | "mysql" | "xmpp-client" | "xmpp-server" | "nntp" | "sieve" | "rdp" | "mssql" | "irc" | null };

/** SearchHit of the API. */
export type SearchHit = { readonly kind: "name" | "certificate" | "endpoint" | "finding"; readonly key: string; readonly title: string; readonly subtitle: string };

/** SearchHitInput of the API. */
export type SearchHitInput = { readonly kind: "name" | "certificate" | "endpoint" | "finding"; readonly key: string; readonly title: string; readonly subtitle: string };

/** SearchResult of the API. */
export type SearchResult = { readonly items: readonly (SearchHit)[] };

/** ServedSpan of the API. */
export type ServedSpan = { readonly endpointKey: string; readonly sha256: string; readonly firstSeenAt: string; readonly lastSeenAt: string };

/** ServedSpanInput of the API. */
export type ServedSpanInput = { readonly endpointKey: string; readonly sha256: string; readonly firstSeenAt: string; readonly lastSeenAt: string };

/** Setting of the API. */
export type Setting = { readonly key: string; readonly value: unknown; readonly default: unknown; readonly origin: "default" | "environment" | "file" };

/** SettingInput of the API. */
export type SettingInput = { readonly key: string; readonly value: unknown; readonly default: unknown; readonly origin: "default" | "environment" | "file" };

/** Setup of the API. */
export type Setup = { readonly needed: boolean; readonly file: string | null; readonly refusal: string | null };

/** SetupPreview of the API. */
export type SetupPreview = { readonly targets: readonly ({ readonly target: string; readonly kind: "host" | "range" | "service" | "invalid"; readonly endpoints: number | null; readonly refusal: string | null })[]; readonly endpoints: number; readonly refused: number; readonly seconds: number; readonly domains: readonly ({ readonly domain: string; readonly refusal: string | null })[]; readonly configuration: string };

/** SetupRequest of the API. */
export type SetupRequest = { readonly domains: readonly (string)[]; readonly targets: readonly (string)[]; readonly ports: readonly (number)[] | null; readonly mail: { readonly to: string; readonly host: string; readonly from: string | null } | null };

/** SetupRequestInput of the API. */
export type SetupRequestInput = { readonly domains?: readonly (string)[]; readonly targets?: readonly (string)[]; readonly ports?: readonly (number)[] | null; readonly mail?: { readonly to: string; readonly host: string; readonly from?: string | null } | null };

/** SignInWays of the API. */
export type SignInWays = { readonly signedIn: boolean; readonly open: boolean; readonly ways: readonly ("token" | "password" | "oidc")[]; readonly oidcName: string | null };

/** Survey of the API. */
export type Survey = { readonly versions: readonly ({ readonly version: string; readonly cipherSuites: readonly (string)[]; readonly preference: "server" | "client" | null })[]; readonly groups: readonly (string)[]; readonly dhBits: number | null; readonly secureRenegotiation: boolean | null; readonly compression: boolean | null; readonly ticketLifetimeSeconds: number | null; readonly handshakeScts: number | null; readonly ocspStapled: boolean | null; readonly clientAuthorities: readonly (string)[] | null; readonly jarm: string | null; readonly ja3s: string | null; readonly alternates: readonly ({ readonly asked: "RSA" | "ECDSA" | "no-server-name" | "unknown-server-name"; readonly chain: readonly (string)[] })[]; readonly connections: number; readonly incomplete: string | null };

/** SurveyInput of the API. */
export type SurveyInput = { readonly versions: readonly ({ readonly version: string; readonly cipherSuites: readonly (string)[]; readonly preference: "server" | "client" | null })[]; readonly groups: readonly (string)[]; readonly dhBits: number | null; readonly secureRenegotiation: boolean | null; readonly compression: boolean | null; readonly ticketLifetimeSeconds: number | null; readonly handshakeScts: number | null; readonly ocspStapled: boolean | null; readonly clientAuthorities: readonly (string)[] | null; readonly jarm: string | null; readonly ja3s: string | null; readonly alternates: readonly ({ readonly asked: "RSA" | "ECDSA" | "no-server-name" | "unknown-server-name"; readonly chain: readonly (string)[] })[]; readonly connections: number; readonly incomplete: string | null };

/** Target of the API. */
export type Target = { readonly host: string; readonly address: string | null; readonly port: number; readonly serverName: string | null; readonly starttls: "smtp" | "lmtp" | "imap" | "pop3" | "ftp" | "ldap" | "postgres" | "mysql" | "xmpp-client" | "xmpp-server" | "nntp" | "sieve" | "rdp" | "mssql" | "irc" | null };

/** TargetInput of the API. */
export type TargetInput = { readonly host: string; readonly address: string | null; readonly port: number; readonly serverName: string | null; readonly starttls: "smtp" | "lmtp" | "imap" | "pop3" | "ftp" | "ldap" | "postgres" | "mysql" | "xmpp-client" | "xmpp-server" | "nntp" | "sieve" | "rdp" | "mssql" | "irc" | null };

/** Tls of the API. */
export type Tls = { readonly version: string | null; readonly cipher: string | null; readonly group: string | null; readonly alpn: string | null; readonly clientCertificateRequested: boolean | null; readonly ocspResponse: unknown };

/** TlsInput of the API. */
export type TlsInput = { readonly version: string | null; readonly cipher: string | null; readonly group: string | null; readonly alpn: string | null; readonly clientCertificateRequested: boolean | null; readonly ocspResponse: string | null };

/** Token of the API. */
export type Token = { readonly id: string | null; readonly name: string; readonly role: "reader" | "operator" | "admin"; readonly scope: { readonly domains: readonly (string)[]; readonly tags: readonly (string)[] } | null; readonly createdAt: string | null; readonly createdBy: string | null; readonly expiresAt: string | null; readonly revokedAt: string | null; readonly lastUsedAt: string | null };

/** TokenInput of the API. */
export type TokenInput = { readonly id: string | null; readonly name: string; readonly role: "reader" | "operator" | "admin"; readonly scope: { readonly domains?: readonly (string)[]; readonly tags?: readonly (string)[] } | null; readonly createdAt: string | null; readonly createdBy: string | null; readonly expiresAt: string | null; readonly revokedAt: string | null; readonly lastUsedAt: string | null };

/** TokenList of the API. */
export type TokenList = { readonly items: readonly (Token)[] };

/** TokenRequest of the API. */
export type TokenRequest = { readonly name: string; readonly role: "reader" | "operator" | "admin"; readonly scope: { readonly domains: readonly (string)[]; readonly tags: readonly (string)[] } | null; readonly expiresAt: unknown };

/** TokenRequestInput of the API. */
export type TokenRequestInput = { readonly name: string; readonly role?: "reader" | "operator" | "admin"; readonly scope?: { readonly domains?: readonly (string)[]; readonly tags?: readonly (string)[] } | null; readonly expiresAt?: string | null };

/** User of the API. */
export type User = { readonly name: string; readonly role: "reader" | "operator" | "admin"; readonly scope: { readonly domains: readonly (string)[]; readonly tags: readonly (string)[] } | null; readonly createdAt: string; readonly createdBy: string; readonly hasPassword: boolean; readonly setupExpiresAt: string | null };

/** UserInput of the API. */
export type UserInput = { readonly name: string; readonly role: "reader" | "operator" | "admin"; readonly scope: { readonly domains?: readonly (string)[]; readonly tags?: readonly (string)[] } | null; readonly createdAt: string; readonly createdBy: string; readonly hasPassword: boolean; readonly setupExpiresAt: string | null };

/** UserList of the API. */
export type UserList = { readonly items: readonly (User)[] };

/** UserRequest of the API. */
export type UserRequest = { readonly name: string; readonly role: "reader" | "operator" | "admin"; readonly scope: { readonly domains: readonly (string)[]; readonly tags: readonly (string)[] } | null };

/** UserRequestInput of the API. */
export type UserRequestInput = { readonly name: string; readonly role?: "reader" | "operator" | "admin"; readonly scope?: { readonly domains?: readonly (string)[]; readonly tags?: readonly (string)[] } | null };

/** What each route takes and answers. */
export interface Operations {
  'DELETE /api/v1/session': { query: {  }; body: undefined; answer: undefined };
  'DELETE /api/v1/tokens/{id}': { query: {  }; body: undefined; answer: undefined };
  'DELETE /api/v1/users/{name}': { query: {  }; body: undefined; answer: undefined };
  'GET /api/v1/audit': { query: { readonly limit?: number; readonly cursor?: string | null; readonly fields?: string; readonly format?: "json" | "csv" | "ndjson"; readonly actor?: string; readonly action?: string; readonly from?: string; readonly to?: string }; body: undefined; answer: { readonly items: readonly (AuditEntry)[]; readonly nextCursor: string | null; readonly total: number | null; readonly partial: boolean } };
  'GET /api/v1/audit/verify': { query: { readonly end?: string }; body: undefined; answer: AuditCheck };
  'GET /api/v1/certificates': { query: { readonly limit?: number; readonly cursor?: string | null; readonly fields?: string; readonly format?: "json" | "csv" | "ndjson"; readonly host?: string; readonly hostSuffix?: string; readonly hostContains?: string; readonly sha1?: string; readonly spkiSha256?: string; readonly modulusSha256?: string; readonly tbsSha256?: string; readonly issuerSha256?: string; readonly serialNumber?: string; readonly issuer?: string; readonly keyType?: string; readonly expiresBefore?: string; readonly expiresAfter?: string; readonly served?: string; readonly group?: "issuance"; readonly sort?: "notAfter" | "notBefore" | "firstSeenAt" | "issuer" | "sha256" | "-notAfter" | "-notBefore" | "-firstSeenAt" | "-issuer" | "-sha256"; readonly q?: string; readonly owner?: string; readonly keyBits?: number; readonly expired?: string; readonly everServed?: string; readonly isCa?: string }; body: undefined; answer: { readonly items: readonly (ListedCertificate | Issuance)[]; readonly nextCursor: string | null; readonly total: number | null; readonly partial: boolean } };
  'GET /api/v1/certificates/compare': { query: { readonly a: string; readonly b: string }; body: undefined; answer: Comparison };
  'GET /api/v1/certificates/{sha256}': { query: {  }; body: undefined; answer: CertificateDetail };
  'GET /api/v1/certificates/{sha256}.der': { query: {  }; body: undefined; answer: undefined };
  'GET /api/v1/certificates/{sha256}.pem': { query: { readonly chain?: string }; body: undefined; answer: undefined };
  'GET /api/v1/certificates/{sha256}.txt': { query: {  }; body: undefined; answer: undefined };
  'GET /api/v1/channels': { query: { readonly limit?: number; readonly cursor?: string | null; readonly fields?: string; readonly format?: "json" | "csv" | "ndjson" }; body: undefined; answer: { readonly items: readonly (Channel)[]; readonly nextCursor: string | null; readonly total: number | null; readonly partial: boolean } };
  'GET /api/v1/config': { query: { readonly limit?: number; readonly cursor?: string | null; readonly fields?: string; readonly format?: "json" | "csv" | "ndjson" }; body: undefined; answer: { readonly items: readonly (Setting)[]; readonly nextCursor: string | null; readonly total: number | null; readonly partial: boolean } };
  'GET /api/v1/ct/logs': { query: { readonly limit?: number; readonly cursor?: string | null; readonly fields?: string; readonly format?: "json" | "csv" | "ndjson" }; body: undefined; answer: { readonly items: readonly (CtLog)[]; readonly nextCursor: string | null; readonly total: number | null; readonly partial: boolean } };
  'GET /api/v1/ct/logs/{logId}': { query: {  }; body: undefined; answer: CtLogDetail };
  'GET /api/v1/ct/matches': { query: { readonly limit?: number; readonly cursor?: string | null; readonly fields?: string; readonly format?: "json" | "csv" | "ndjson"; readonly logId?: string; readonly watch?: "domain" | "exact-name" | "organization" | "issuer" | "spki" | "ip-address" | "look-alike" | "unreadable"; readonly item?: string; readonly q?: string; readonly from?: string; readonly to?: string }; body: undefined; answer: { readonly items: readonly (CtMatch)[]; readonly nextCursor: string | null; readonly total: number | null; readonly partial: boolean } };
  'GET /api/v1/ct/recall': { query: {  }; body: undefined; answer: CtRecall };
  'GET /api/v1/deliveries': { query: { readonly limit?: number; readonly cursor?: string | null; readonly fields?: string; readonly format?: "json" | "csv" | "ndjson"; readonly id?: string; readonly channel?: string; readonly state?: "pending" | "sent" | "failed" | "held" | "skipped" }; body: undefined; answer: { readonly items: readonly (Delivery)[]; readonly nextCursor: string | null; readonly total: number | null; readonly partial: boolean } };
  'GET /api/v1/endpoints': { query: { readonly limit?: number; readonly cursor?: string | null; readonly fields?: string; readonly format?: "json" | "csv" | "ndjson"; readonly host?: string; readonly hostSuffix?: string; readonly hostContains?: string; readonly key?: string; readonly address?: string; readonly port?: number; readonly outcome?: "ok" | "unresolved" | "out-of-scope" | "refused" | "unreachable" | "timeout" | "silent" | "reset" | "closed" | "plain-http" | "not-tls" | "starttls-refused" | "alert" | "no-certificate" | "too-large" | "protocol-error"; readonly certificateSha256?: string }; body: undefined; answer: { readonly items: readonly (ListedEndpoint)[]; readonly nextCursor: string | null; readonly total: number | null; readonly partial: boolean } };
  'GET /api/v1/endpoints/outcomes': { query: {  }; body: undefined; answer: EndpointOutcomes };
  'GET /api/v1/endpoints/{key}': { query: {  }; body: undefined; answer: EndpointDetail };
  'GET /api/v1/endpoints/{key}/history': { query: {  }; body: undefined; answer: EndpointHistory };
  'GET /api/v1/events': { query: { readonly kind?: string | readonly (string)[]; readonly severity?: "notice" | "warning" | "error" | "critical"; readonly after?: string }; body: undefined; answer: undefined };
  'GET /api/v1/evidence': { query: {  }; body: undefined; answer: Frameworks };
  'GET /api/v1/evidence/{framework}': { query: { readonly from: string; readonly to: string; readonly domain?: string; readonly owner?: string; readonly environment?: string; readonly tag?: string }; body: undefined; answer: undefined };
  'GET /api/v1/findings': { query: { readonly limit?: number; readonly cursor?: string | null; readonly fields?: string; readonly format?: "json" | "csv" | "ndjson"; readonly host?: string; readonly hostSuffix?: string; readonly hostContains?: string; readonly id?: string; readonly state?: string | readonly (string)[]; readonly severity?: string | readonly (string)[]; readonly rule?: string | readonly (string)[]; readonly certificateSha256?: string; readonly subjectKind?: string | readonly (string)[]; readonly subjectKey?: string; readonly cause?: string; readonly owner?: string | readonly (string)[]; readonly environment?: string | readonly (string)[]; readonly assignee?: string | readonly (string)[]; readonly tag?: string | readonly (string)[]; readonly dueBefore?: string; readonly dueAfter?: string; readonly q?: string; readonly sort?: "severity" | "dueAt" | "openedAt" | "lastSeenAt" | "rule" | "host" | "-severity" | "-dueAt" | "-openedAt" | "-lastSeenAt" | "-rule" | "-host"; readonly group?: "cause" | "host" }; body: undefined; answer: { readonly items: readonly (Finding | FindingGroup)[]; readonly nextCursor: string | null; readonly total: number | null; readonly partial: boolean } };
  'GET /api/v1/findings/facets': { query: { readonly host?: string; readonly hostSuffix?: string; readonly hostContains?: string; readonly id?: string; readonly state?: string | readonly (string)[]; readonly severity?: string | readonly (string)[]; readonly rule?: string | readonly (string)[]; readonly certificateSha256?: string; readonly subjectKind?: string | readonly (string)[]; readonly subjectKey?: string; readonly cause?: string; readonly owner?: string | readonly (string)[]; readonly environment?: string | readonly (string)[]; readonly assignee?: string | readonly (string)[]; readonly tag?: string | readonly (string)[]; readonly dueBefore?: string; readonly dueAfter?: string; readonly q?: string }; body: undefined; answer: FindingFacets };
  'GET /api/v1/findings/{id}': { query: {  }; body: undefined; answer: FindingDetail };
  'GET /api/v1/findings/{id}/alerts': { query: {  }; body: undefined; answer: { readonly items: readonly (AlertExplanation)[] } };
  'GET /api/v1/incidents': { query: {  }; body: undefined; answer: Incidents };
  'GET /api/v1/incidents/{id}': { query: {  }; body: undefined; answer: IncidentDetail };
  'GET /api/v1/incidents/{id}/report': { query: { readonly domain?: string; readonly owner?: string; readonly environment?: string; readonly tag?: string; readonly format?: "html" | "json" | "csv"; readonly table?: string }; body: undefined; answer: undefined };
  'GET /api/v1/inventory': { query: { readonly limit?: number; readonly cursor?: string | null; readonly fields?: string; readonly format?: "json" | "csv" | "ndjson"; readonly source?: string; readonly sha256?: string; readonly spkiSha256?: string; readonly owner?: string }; body: undefined; answer: { readonly items: readonly (InventoryItem)[]; readonly nextCursor: string | null; readonly total: number | null; readonly partial: boolean } };
  'GET /api/v1/inventory/runs': { query: { readonly limit?: number; readonly cursor?: string | null; readonly fields?: string; readonly format?: "json" | "csv" | "ndjson" }; body: undefined; answer: { readonly items: readonly (InventoryRun)[]; readonly nextCursor: string | null; readonly total: number | null; readonly partial: boolean } };
  'GET /api/v1/inventory/sources': { query: { readonly limit?: number; readonly cursor?: string | null; readonly fields?: string; readonly format?: "json" | "csv" | "ndjson" }; body: undefined; answer: { readonly items: readonly (InventorySource)[]; readonly nextCursor: string | null; readonly total: number | null; readonly partial: boolean } };
  'GET /api/v1/issuances/{tbsSha256}': { query: {  }; body: undefined; answer: DeployGap };
  'GET /api/v1/me': { query: {  }; body: undefined; answer: Me };
  'GET /api/v1/names': { query: { readonly limit?: number; readonly cursor?: string | null; readonly fields?: string; readonly format?: "json" | "csv" | "ndjson"; readonly host?: string; readonly hostSuffix?: string; readonly hostContains?: string }; body: undefined; answer: { readonly items: readonly (Name)[]; readonly nextCursor: string | null; readonly total: number | null; readonly partial: boolean } };
  'GET /api/v1/names/{domain}': { query: {  }; body: undefined; answer: DomainFigures };
  'GET /api/v1/observations': { query: { readonly limit?: number; readonly cursor?: string | null; readonly fields?: string; readonly format?: "json" | "csv" | "ndjson"; readonly host?: string; readonly hostSuffix?: string; readonly hostContains?: string; readonly endpointKey?: string; readonly scanId?: string; readonly outcome?: "ok" | "unresolved" | "out-of-scope" | "refused" | "unreachable" | "timeout" | "silent" | "reset" | "closed" | "plain-http" | "not-tls" | "starttls-refused" | "alert" | "no-certificate" | "too-large" | "protocol-error"; readonly certificateSha256?: string; readonly from?: string; readonly to?: string }; body: undefined; answer: { readonly items: readonly (Observation)[]; readonly nextCursor: string | null; readonly total: number | null; readonly partial: boolean } };
  'GET /api/v1/overview': { query: {  }; body: undefined; answer: Overview };
  'GET /api/v1/policy': { query: {  }; body: undefined; answer: Policy };
  'GET /api/v1/policy/explain': { query: { readonly name: string; readonly address?: string; readonly issuer?: string }; body: undefined; answer: PolicyExplanation };
  'GET /api/v1/recall': { query: { readonly days?: number }; body: undefined; answer: Recall };
  'GET /api/v1/reports': { query: {  }; body: undefined; answer: Reports };
  'GET /api/v1/reports/{id}': { query: { readonly from: string; readonly to: string; readonly domain?: string; readonly owner?: string; readonly environment?: string; readonly tag?: string; readonly format?: "html" | "json" | "csv"; readonly table?: string }; body: undefined; answer: undefined };
  'GET /api/v1/reviews': { query: {  }; body: undefined; answer: Reviews };
  'GET /api/v1/reviews/{id}': { query: {  }; body: undefined; answer: ReviewDetail };
  'GET /api/v1/rules': { query: { readonly limit?: number; readonly cursor?: string | null; readonly fields?: string; readonly format?: "json" | "csv" | "ndjson" }; body: undefined; answer: { readonly items: readonly (Rule)[]; readonly nextCursor: string | null; readonly total: number | null; readonly partial: boolean } };
  'GET /api/v1/scans': { query: { readonly limit?: number; readonly cursor?: string | null; readonly fields?: string; readonly format?: "json" | "csv" | "ndjson" }; body: undefined; answer: { readonly items: readonly (Scan)[]; readonly nextCursor: string | null; readonly total: number | null; readonly partial: boolean } };
  'GET /api/v1/scans/{id}': { query: {  }; body: undefined; answer: Scan };
  'GET /api/v1/search': { query: { readonly q: string }; body: undefined; answer: SearchResult };
  'GET /api/v1/session': { query: {  }; body: undefined; answer: SignInWays };
  'GET /api/v1/session/oidc': { query: { readonly next?: string }; body: undefined; answer: undefined };
  'GET /api/v1/session/oidc/callback': { query: { readonly code?: string; readonly state?: string }; body: undefined; answer: undefined };
  'GET /api/v1/setup': { query: {  }; body: undefined; answer: Setup };
  'GET /api/v1/timeline/expiry': { query: { readonly days?: number }; body: undefined; answer: ExpiryTimeline };
  'GET /api/v1/tokens': { query: {  }; body: undefined; answer: TokenList };
  'GET /api/v1/users': { query: {  }; body: undefined; answer: UserList };
  'GET /health/live': { query: {  }; body: undefined; answer: Health };
  'GET /health/ready': { query: {  }; body: undefined; answer: Health };
  'GET /metrics': { query: {  }; body: undefined; answer: undefined };
  'GET /probe': { query: { readonly target: string }; body: undefined; answer: undefined };
  'POST /api/v1/backups': { query: {  }; body: { readonly name: string; readonly base?: string }; answer: Backup };
  'POST /api/v1/channels/{name}/test': { query: {  }; body: undefined; answer: ChannelTest };
  'POST /api/v1/deliveries/send-again': { query: {  }; body: { readonly ids?: readonly (string)[]; readonly filter?: { readonly id?: string; readonly channel?: string; readonly state?: "pending" | "sent" | "failed" | "held" | "skipped" } }; answer: { readonly sent: number; readonly missing: readonly (string)[] } };
  'POST /api/v1/deliveries/{id}/send-again': { query: {  }; body: undefined; answer: Delivery };
  'POST /api/v1/findings/bulk': { query: {  }; body: BulkActionInput; answer: BulkResult };
  'POST /api/v1/findings/{id}/accept': { query: {  }; body: { readonly note: string; readonly until?: string | null }; answer: Finding };
  'POST /api/v1/findings/{id}/acknowledge': { query: {  }; body: { readonly note?: string | null }; answer: Finding };
  'POST /api/v1/findings/{id}/assign': { query: {  }; body: { readonly note?: string | null; readonly assignee: string | null }; answer: Finding };
  'POST /api/v1/findings/{id}/comment': { query: {  }; body: { readonly note: string }; answer: Finding };
  'POST /api/v1/findings/{id}/reopen': { query: {  }; body: { readonly note?: string | null }; answer: Finding };
  'POST /api/v1/findings/{id}/silence': { query: {  }; body: { readonly note?: string | null; readonly until?: string | null }; answer: Finding };
  'POST /api/v1/findings/{id}/ticket': { query: {  }; body: { readonly note?: string | null; readonly ticket: string | null }; answer: Finding };
  'POST /api/v1/incidents': { query: {  }; body: IncidentRequestInput; answer: Incident };
  'POST /api/v1/incidents/{id}/close': { query: {  }; body: { readonly note?: string }; answer: Incident };
  'POST /api/v1/inventory/sources/{source}/read': { query: {  }; body: undefined; answer: { readonly source: string } };
  'POST /api/v1/inventory/{source}': { query: { readonly owner?: string; readonly environment?: string; readonly tag?: string | readonly (string)[]; readonly replace?: "true" | "false" }; body: undefined; answer: PushResult };
  'POST /api/v1/policy/preview': { query: {  }; body: { readonly policy: Readonly<Record<string, unknown>> }; answer: PolicyPreview };
  'POST /api/v1/reviews': { query: {  }; body: { readonly kind: "inventory" | "policy" | "annual" | "ciphers" }; answer: ReviewDetail };
  'POST /api/v1/reviews/{id}/close': { query: {  }; body: { readonly note?: string }; answer: ReviewDetail };
  'POST /api/v1/reviews/{id}/confirm': { query: {  }; body: { readonly items: readonly (string)[] | null; readonly note?: string }; answer: ReviewDetail };
  'POST /api/v1/scans': { query: { readonly dryRun?: string }; body: ScanRequestInput; answer: ScanPreview | Scan };
  'POST /api/v1/scans/{id}/stop': { query: {  }; body: undefined; answer: undefined };
  'POST /api/v1/session': { query: {  }; body: { readonly token: string } | { readonly user: string; readonly password: string }; answer: undefined };
  'POST /api/v1/session/setup': { query: {  }; body: { readonly secret: string; readonly password: string }; answer: undefined };
  'POST /api/v1/setup': { query: {  }; body: SetupRequestInput; answer: undefined };
  'POST /api/v1/setup/preview': { query: {  }; body: SetupRequestInput; answer: SetupPreview };
  'POST /api/v1/tokens': { query: {  }; body: TokenRequestInput; answer: NewToken };
  'POST /api/v1/users': { query: {  }; body: UserRequestInput; answer: NewUser };
  'POST /api/v1/users/{name}/setup-link': { query: {  }; body: undefined; answer: NewUser };
}
