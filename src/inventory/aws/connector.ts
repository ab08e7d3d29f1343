import type { Connector, ConnectorKind, ReadCertificate } from '../connector.js';
import { openAccounts } from './account.js';
import { acmItems } from './acm.js';
import { awsConfig, type AwsConfig } from './config.js';
import { iamItems } from './iam.js';

/** Account by account, region by region. */
function createAws(config: AwsConfig, source: string, read: ReadCertificate): Connector {
  return {
    name: source,
    async *list(signal, onError, options) {
      const { accounts, close } = openAccounts(config);
      try {
        for (const account of accounts) {
          const run = { source, read, signal, onError, options };
          for (const region of config.regions)
            yield* acmItems({ ...run, rest: account.client('acm', region) });
          if (config.iam) yield* iamItems({ ...run, rest: account.client('iam', config.regions[0] ?? '') });
        }
      } finally {
        await close();
      }
    },
  };
}

/** AWS accounts. */
export const aws: ConnectorKind<typeof awsConfig> = {
  config: awsConfig,
  defaultName: ({ accounts, regions }) =>
    [...accounts.map(({ roleArn }) => roleArn.split(':')[4] ?? ''), ...regions].join(','),
  create: createAws,
};
