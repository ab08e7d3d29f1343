import type { RestClient } from '../../lib/http/rest-client.js';
import { listResources } from './listing.js';
import { gateway, ingress } from './resources.js';

/** What uses each TLS secret, by `namespace/name`: `Ingress shop/web (www.example.com)`, `Gateway infra/edge listener https (*:443)`. */
export async function secretUsers(
  rest: RestClient,
  namespaces: readonly string[],
  signal: AbortSignal,
): Promise<ReadonlyMap<string, readonly string[]>> {
  const users = new Map<string, string[]>();
  const add = (secret: string, user: string): void => {
    const known = users.get(secret) ?? [];
    if (known.length < 100 && !known.includes(user)) known.push(user);
    users.set(secret, known);
  };
  const ingresses = {
    api: '/apis/networking.k8s.io/v1',
    plural: 'ingresses',
    schema: ingress,
    isNamespaced: true,
  };
  for await (const { metadata, spec } of listResources(rest, ingresses, namespaces, signal))
    for (const { secretName, hosts } of spec.tls)
      if (secretName !== '')
        add(
          `${metadata.namespace}/${secretName}`,
          `Ingress ${metadata.namespace}/${metadata.name} (${hosts.join(', ') || '*'})`,
        );
  const gateways = {
    api: '/apis/gateway.networking.k8s.io/v1',
    plural: 'gateways',
    schema: gateway,
    isNamespaced: true,
  };
  for await (const { metadata, spec } of listResources(rest, gateways, namespaces, signal))
    for (const { name, port, hostname, tls } of spec.listeners)
      for (const reference of tls.certificateRefs)
        add(
          `${reference.namespace ?? metadata.namespace}/${reference.name}`,
          `Gateway ${metadata.namespace}/${metadata.name} listener ${name} (${hostname}:${port})`,
        );
  return users;
}
