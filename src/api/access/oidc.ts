/** Signing in through a provider. */
export interface OidcClient {
  readonly label: string;
}
