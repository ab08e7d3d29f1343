import type { EndpointInput } from './rule.js';

/** A cipher suite that an endpoint accepts, and in which version. */
export interface OfferedSuite {
  readonly version: string;
  readonly suite: string;
}

/** Protocol versions the endpoint accepts: those of its last survey, and the one it agreed on with the look. Empty when unknown. */
export function offeredVersions({ observation }: EndpointInput): readonly string[] {
  const surveyed = observation.survey?.versions.map(({ version }) => version) ?? [];
  const agreed = observation.tls?.version ?? null;
  return agreed === null ? surveyed : [...new Set([...surveyed, agreed])];
}

/** Cipher suites the endpoint accepts, as {@link offeredVersions}. */
export function offeredSuites({ observation }: EndpointInput): readonly OfferedSuite[] {
  const surveyed = (observation.survey?.versions ?? []).flatMap(({ version, cipherSuites }) =>
    cipherSuites.map((suite) => ({ version, suite })),
  );
  const { version, cipher: suite } = observation.tls ?? { version: null, cipher: null };
  if (version === null || suite === null) return surveyed;
  const isKnown = surveyed.some((one) => one.version === version && one.suite === suite);
  return isKnown ? surveyed : [...surveyed, { version, suite }];
}
