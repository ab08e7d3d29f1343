import { clip } from '../lib/clip.js';
import type { Certificate } from '../model/certificate.js';
import { findingId, type Evidence, type Subject } from '../model/finding.js';
import type { Incident } from '../model/incident.js';
import type { Observation, Verdict } from '../model/observation.js';
import type { Policy } from '../model/policy.js';
import { hostPort } from '../model/target.js';
import type { FleetHit, FleetRule } from '../rules/fleet-rule.js';
import { isEnabled, judge, judgeOffer, judgeServed, toVerdict } from '../rules/judge.js';
import { ownershipOf, type Ownership, type Place } from '../rules/ownership.js';
import type { CheckInput, Rule } from '../rules/rule.js';
import type { Sighting } from './finding-life.js';
import { settle, type Settled } from './settle.js';

/** What one endpoint serves. */
export interface Served {
  readonly key: string;
  /** See EndpointInput. */
  readonly observation: Observation;
  /** One for each chain it shows, the usual one first; empty when no certificate came. */
  readonly inputs: readonly CheckInput[];
}

/** Where one issuance was seen. */
export interface Issuance {
  readonly key: string;
  readonly input: CheckInput;
  /** Keys of endpoints. */
  readonly servedAt: readonly string[];
  /** `logId:leafIndex`. */
  readonly loggedAt: readonly string[];
}

/** Turns verdicts, rows and incidents into sightings, with the operator's severities. */
export interface Grader {
  endpoint(served: Served, now: Date): readonly Settled[];
  issuance(issuance: Issuance): readonly Settled[];
  fleet(rule: FleetRule, hit: FleetHit): readonly Settled[];
  /** None when its rule is switched off. Throws when there is no such rule. */
  incident(incident: Pick<Incident, 'rule' | 'subject' | 'details'>): readonly Settled[];
}

const listedPlaces = 20;
const evidencePlaces = 3;

/** See {@link Grader}. */
export function createGrader(policy: Policy, rules: readonly Rule[]): Grader {
  const ofEndpoints = rules.filter((rule) => rule.kind === 'certificate' && rule.about === 'endpoint');
  const ofIssuances = rules.filter((rule) => rule.kind === 'certificate' && rule.about === 'issuance');
  const offers = rules.filter((rule) => rule.kind === 'endpoint');

  return {
    endpoint({ key, observation, inputs }, now) {
      const subject = { kind: 'endpoint', key };
      const { host, address } = observation.target;
      const place = { subject, host, address, certificateSha256: null };
      const seen = observedEvidence(observation);
      return [
        ...judgeServed(inputs, ofEndpoints).flatMap(({ verdict, certificate }) => {
          const { sha256, issuer } = certificate;
          const on = { ...place, issuer, certificateSha256: sha256 };
          return sightings(policy, on, verdict, issuanceSubject(certificate), seen);
        }),
        ...judgeOffer({ observation, policy, now }, offers).flatMap((verdict) =>
          sightings(policy, place, verdict, subject, seen),
        ),
      ];
    },
    issuance({ key, input, servedAt, loggedAt }) {
      const subject = { kind: 'issuance', key };
      const { sha256, issuer, names } = input.certificate;
      const host = input.observation?.target.host ?? names[0] ?? null;
      const places = {
        servedAt: servedAt.slice(0, listedPlaces),
        loggedAt: loggedAt.slice(0, listedPlaces),
      };
      const evidence = [
        ...(input.observation === null ? [] : observedEvidence(input.observation)),
        ...loggedAt.slice(0, evidencePlaces).map((place) => evidenceOf('Logged', place, 'ct', null)),
      ];
      const on = { subject, host, issuer, certificateSha256: sha256 };
      return judge(input, ofIssuances).flatMap((verdict) =>
        sightings(policy, on, { ...verdict, details: { ...verdict.details, ...places } }, subject, evidence),
      );
    },
    fleet: (rule, { subject, host, certificateSha256, ownership, ...hit }) =>
      sightings(
        policy,
        { subject, host, certificateSha256 },
        toVerdict(rule, hit, policy),
        subject,
        [],
        ownership,
      ),
    incident: (incident) => incidentSightings(policy, rules, incident),
  };
}

/** What a system knows of its own comes before what the policy says of the name. */
function completed(known: Ownership | undefined, byPolicy: Ownership): Ownership {
  if (known === undefined) return byPolicy;
  return {
    owner: known.owner ?? byPolicy.owner,
    environment: known.environment ?? byPolicy.environment,
    tags: [...new Set([...known.tags, ...byPolicy.tags])],
  };
}

function incidentSightings(
  policy: Policy,
  rules: readonly Rule[],
  { rule: id, subject, details }: Parameters<Grader['incident']>[0],
): readonly Settled[] {
  const rule = rules.find((candidate) => candidate.id === id);
  if (rule === undefined) throw new Error(`an incident names the unknown rule ${id}`);
  if (!isEnabled(rule, policy)) return [];
  const verdict = toVerdict(rule, { details: {} }, policy);
  const said = { ...verdict, details: clip(details) as Verdict['details'] };
  return sightings(policy, { subject, host: null, certificateSha256: null }, said, subject, []);
}

/**
 * The sighting of a verdict, as the policy settles it: none when the rule is off there. Unless the verdict names a cause, `causedBy` is what
 * findings of the rule share when they belong together; `known` is whose it is where a system says so itself.
 */
function sightings(
  policy: Policy,
  { subject, certificateSha256, ...place }: Place & Pick<Sighting, 'subject' | 'certificateSha256'>,
  { dueAt, evidence = [], cause, ...verdict }: Verdict,
  causedBy: Subject,
  seen: readonly Evidence[],
  known?: Ownership,
): readonly Settled[] {
  const sighting: Sighting = {
    ...{ subject, host: place.host, certificateSha256 },
    ...verdict,
    dueAt: dueAt ?? null,
    evidence: [...evidence, ...seen],
    cause: findingId(verdict.rule, cause ?? causedBy),
    ...completed(known, ownershipOf(place, policy)),
  };
  return settle(policy, sighting, place);
}

/** Precertificate and certificate are one issuance. */
export function issuanceSubject({ tbsSha256, sha256 }: Pick<Certificate, 'tbsSha256' | 'sha256'>): Subject {
  return { kind: 'issuance', key: tbsSha256 ?? sha256 };
}

function observedEvidence({ target, observedAt }: Observation): readonly Evidence[] {
  const { host, port, address } = target;
  const place = hostPort(host, port);
  const where = address === null || address === host ? place : `${place} (${address})`;
  return [evidenceOf('Observed', where, 'scan', observedAt)];
}

function evidenceOf(label: string, value: string, source: string, at: Date | null): Evidence {
  return { label, value, expected: null, source, at };
}
