import type { ReactNode } from 'react';
import { proofTexts, stepTitles } from './proof-texts.ts';
import type { ProofStep } from './read-proof.ts';

interface ShownStep {
  readonly state: keyof typeof proofTexts.steps;
  /** What it showed. */
  readonly text: string;
  readonly more?: ReactNode;
}

/** A mark in a circle, for each state another shape. */
const marks: Readonly<Record<keyof typeof proofTexts.steps, string>> = {
  done: 'M6.5 10.5l2.5 2.5 4.5-5.5',
  failed: 'M7 7l6 6M13 7l-6 6',
  weak: 'M10 5.5v5.5M10 13.5v1',
  open: '',
};

/** What was checked of a file of Albatross. */
export function ProofSteps({ steps }: { readonly steps: readonly (ShownStep & { readonly step: ProofStep })[] }) {
  return <ProofStepList steps={steps.map(({ step, ...rest }) => ({ ...rest, name: step, title: stepTitles[step] }))} />;
}

/** What was checked, step by step, each with what it showed. */
export function ProofStepList({ steps }: { readonly steps: readonly (ShownStep & { readonly name: string; readonly title: string })[] }) {
  return (
    <ol className="proof-steps">
      {steps.map(({ name, title, state, text, more }) => (
        <li key={name} data-testid="proof-step" data-step={name} data-state={state}>
          <svg viewBox="0 0 20 20" role="img" aria-label={proofTexts.steps[state]}>
            <circle cx="10" cy="10" r="9" />
            <path d={marks[state]} />
          </svg>
          <div>
            <h4>{title}</h4>
            <div className="small">
              <p>{text}</p>
              {more}
            </div>
          </div>
        </li>
      ))}
    </ol>
  );
}
