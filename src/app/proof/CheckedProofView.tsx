import { formatDateTime } from '../../page/format.ts';
import type { CodeTexts } from '../../page/code-texts.ts';
import type { CheckedProof } from '../../verify/checked-proof.ts';
import { Row } from '../parts/Row.tsx';
import { checkedProofTexts as texts, checkedStepText, stepTitleOf, valueTitleOf } from './checked-proof-texts.ts';
import { proofTexts } from './proof-texts.ts';
import { ProofStepList } from './ProofSteps.tsx';

/** The verdict on a proof file of another chain than Albatross: what it states, and what was checked. */
export function CheckedProofView({ proof: { ok, chain, value, steps }, codes }: { readonly proof: CheckedProof; readonly codes: CodeTexts }) {
  const failed = steps.find(({ state }) => state === 'failed');
  return (
    <>
      <div className="about">
        <div className="verdict" data-tone={ok ? 'good' : 'bad'} data-testid="proof-verdict" data-chain={chain} data-code={failed?.code} role={ok ? 'status' : 'alert'}>
          <p><strong>{ok ? texts.proven(chain) : texts.refused}</strong></p>
          <p>{ok ? texts.provenText : failed && checkedStepText(failed, codes)}</p>
        </div>
        <dl className="fields">
          {value.map(({ name, text }) => (
            <Row key={name} title={valueTitleOf(name)}>{name === 'time' ? formatDateTime(Date.parse(text)) : <code>{text}</code>}</Row>
          ))}
        </dl>
      </div>
      <div className="why">
        <h3 className="label">{proofTexts.checked}</h3>
        <ProofStepList steps={steps.map((step) => ({ name: step.name, title: stepTitleOf(step.name), state: step.state, text: checkedStepText(step, codes) }))} />
        {ok && <h3 className="label">{proofTexts.notProven}</h3>}
        {ok && (
          <ul className="assumed">
            {texts.notProven(value.map(({ name }) => name)).map((text) => <li key={text}>{text}</li>)}
          </ul>
        )}
      </div>
    </>
  );
}
