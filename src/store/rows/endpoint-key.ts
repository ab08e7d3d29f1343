import { targetOfKey } from '../../model/target.js';

/** The host in an endpoint's key. */
export function hostOfKey(key: string): string {
  return targetOfKey(key).host;
}
