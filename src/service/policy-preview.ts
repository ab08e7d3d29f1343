import type { Judging } from '../judging/judging.js';
import { createSerial } from '../lib/serial.js';
import type { PolicyPreview } from '../model/policy-preview.js';
import { policyConfig } from '../rules/config.js';

/** Judges by another policy, one at a time; answers what is wrong with it, in a sentence, when it is not valid. */
export function createPolicyPreview(
  preview: Judging['preview'],
): (policy: unknown) => Promise<PolicyPreview | string> {
  const serially = createSerial();
  return async (policy) => {
    const { success, data, error } = policyConfig.safeParse(policy);
    if (success) return serially(() => preview(data, new Date()));
    const [issue] = error.issues;
    return `policy.${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'not valid'}`;
  };
}
