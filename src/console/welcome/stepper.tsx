import { Icon } from '../ui/icon.js';

const steps = ['What is yours', 'First scan', 'Results'] as const;

/** Where in the first run the reader is; steps count from 1. */
export function Stepper({ step }: { readonly step: 1 | 2 | 3 }) {
  return (
    <ol class="stepper" aria-label="Steps">
      {steps.map((text, index) => (
        <li key={text} aria-current={index + 1 === step ? 'step' : undefined}>
          {index + 1 < step ? <Icon name="check" /> : <span class="dot">{index + 1}</span>}
          {text}
        </li>
      ))}
    </ol>
  );
}
