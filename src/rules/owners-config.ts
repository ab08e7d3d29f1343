import ipaddr from 'ipaddr.js';
import { z } from 'zod';

/** Keys of a line of the policy that say which hosts, addresses and issuers it is about. */
export const placeShape = {
  names: z
    .array(z.string().min(1).toLowerCase())
    .default([])
    .describe('Host names and domains; sub-domains are included. Empty: any.'),
  networks: z
    .array(z.string().refine((text) => ipaddr.isValidCIDR(text), 'not a network; write it as 192.0.2.0/24'))
    .default([])
    .describe('Networks of the address that was probed. Empty: any.'),
  issuers: z
    .array(z.string().min(2))
    .default([])
    .describe("Texts contained in the issuer's name, case ignored. Empty: any."),
};

/** Schema of one line of `policy.owners`. */
export const ownerRule = z
  .strictObject({
    ...placeShape,
    owner: z
      .string()
      .min(1)
      .nullable()
      .default(null)
      .describe('Who is responsible: a team, a person, an address.'),
    environment: z
      .string()
      .min(1)
      .nullable()
      .default(null)
      .describe('Where it runs, for example production.'),
    tags: z.array(z.string().min(1)).default([]).describe('Labels, for example pci.'),
  })
  .refine(({ names, networks, issuers }) => names.length + networks.length + issuers.length > 0, {
    error: 'applies to nothing; give names, networks or issuers',
  });
