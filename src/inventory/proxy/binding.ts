/** One place of a proxy's configuration that says: this certificate is shown for these names. */
export interface Binding {
  /** Absolute path of a certificate file or, for HAProxy, of a folder of them; null when the certificate stands in the configuration. */
  readonly file: string | null;
  /** The certificate itself, PEM or DER, where the configuration holds it. */
  readonly inline: Buffer | null;
  /** Host names, in the program's own order; empty: it is the default, or the program takes the names from the certificate. */
  readonly names: readonly string[];
  /** Where it listens, in the configuration's own words, for example `443 ssl`; empty when it does not say. */
  readonly listens: readonly string[];
  /** `FILE:LINE`, or `FILE` where the format has no lines. */
  readonly place: string;
}

/** Where a reader of configurations reports what it passes over or cannot read; each in one sentence. */
export interface ConfigReport {
  error(place: string, problem: unknown): void;
  note(place: string, problem: unknown): void;
}

/** Reads the configuration that begins at `path`, a file or a folder of them, with what it includes. */
export type ReadBindings = (path: string, report: ConfigReport) => Promise<readonly Binding[]>;
