import type { Outcome, TlsFacts } from './observation.js';
import type { AlternateChain, SurveyFacts } from './survey.js';
import type { Target } from './target.js';

/** A survey as stored: the chains it saw as SHA-256, leaf first. */
export type StoredSurvey = Omit<SurveyFacts, 'alternates'> & {
  readonly alternates: readonly {
    readonly asked: AlternateChain['asked'];
    readonly chain: readonly string[];
  }[];
};

/** Latest knowledge of one endpoint. */
export interface EndpointState {
  readonly key: string;
  readonly target: Target;
  readonly firstSeenAt: Date;
  /** Last observation of any outcome. */
  readonly lastObservedAt: Date;
  readonly lastOutcome: Outcome;
  readonly lastDetail: string | null;
  /** Last observation with a certificate; null when there never was one. */
  readonly lastOkAt: Date | null;
  /** What was served at `lastOkAt`, leaf first, SHA-256. Empty when nothing ever was. */
  readonly chain: readonly string[];
  /** Of the observation at `lastOkAt`, or of the last one when no certificate ever came. */
  readonly tls: TlsFacts | null;
  /** What the last survey learned; absent or null when none was made. */
  readonly survey?: StoredSurvey | null;
  /** When that was; absent or null when none was made. */
  readonly surveyedAt?: Date | null;
}
