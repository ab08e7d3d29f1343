import { useApi } from '../api/use-api.js';
import { Panel } from '../ui/page.js';
import { Loading } from '../ui/states.js';

/** What to do about it, in the words of the rule, and the standard the rule rests on. */
export function Fix({ rule }: { readonly rule: string }) {
  const { data } = useApi('GET /api/v1/rules', {}, { limit: 1_000 });
  const known = data?.items.find(({ id }) => id === rule);
  if (data === undefined)
    return (
      <Panel title="The fix">
        <Loading what="rule" lines={2} />
      </Panel>
    );
  if (known === undefined) return null;
  const steps = known.remediation.split(/(?<=\.)\s+(?=[A-Z])/);
  return (
    <Panel title="The fix">
      <ol class="steps">
        {steps.map((step) => (
          <li key={step}>{step}</li>
        ))}
      </ol>
      <p class="hint">
        {known.title}. It rests on {known.citation}.
      </p>
    </Panel>
  );
}
