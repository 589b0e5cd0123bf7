import type { ChangeEvent } from 'react';
import { formatDateTime } from '../../page/format.ts';
import type { CodeTexts } from '../../page/code-texts.ts';
import type { CheckedProof } from '../../verify/checked-proof.ts';
import { Row } from '../parts/Row.tsx';
import { checkedProofTexts as texts, checkedStepText, stepTitleOf, valueTitleOf } from './checked-proof-texts.ts';
import { proofTexts } from './proof-texts.ts';
import { ProofStepList } from './ProofSteps.tsx';

interface Props {
  readonly proof: CheckedProof;
  readonly codes: CodeTexts;
  /** Name of the network file that the person gave for it. */
  readonly given: string | undefined;
  readonly onNetwork: (file: File) => void;
}

/** The steps that fail where the network file is another one than the proof needs. */
const ofNetwork: ReadonlySet<string> = new Set(['network', 'checkpoint', 'sets']);

/** The verdict on a proof file of another chain than Albatross: what it states, and what was checked. */
export function CheckedProofView({ proof: { ok, chain, value, steps, assumed }, codes, given, onNetwork }: Props) {
  const failed = steps.find(({ state }) => state === 'failed');
  return (
    <>
      <div className="about">
        <div className="verdict" data-tone={ok ? 'good' : 'bad'} data-testid="proof-verdict" data-chain={chain} data-code={failed?.code} role={ok ? 'status' : 'alert'}>
          <p><strong>{ok ? texts.proven(chain) : texts.refused}</strong></p>
          <p>{ok ? texts.provenText(chain) : failed && checkedStepText(failed, codes)}</p>
        </div>
        <dl className="fields">
          {value.map(({ name, text }) => (
            <Row key={name} title={valueTitleOf(name)}>{name === 'time' ? formatDateTime(Date.parse(text)) : <code>{text}</code>}</Row>
          ))}
        </dl>
        {given !== undefined && <p className="small quiet" data-testid="given-network">{texts.gaveNetwork(given)}</p>}
        {((failed && ofNetwork.has(failed.name)) || given !== undefined) && <GiveNetwork onNetwork={onNetwork} />}
      </div>
      <div className="why">
        <h3 className="label">{proofTexts.checked}</h3>
        <ProofStepList steps={steps.map((step) => ({ name: step.name, title: stepTitleOf(step.name), state: step.state, text: checkedStepText(step, codes) }))} />
        {ok && <h3 className="label">{proofTexts.notProven}</h3>}
        {ok && (
          <ul className="assumed">
            {texts.notProven(value.map(({ name }) => name), assumed).map((text) => <li key={text}>{text}</li>)}
          </ul>
        )}
      </div>
    </>
  );
}

/** Takes the network file that says what is trusted, in place of the one that the page was opened with. */
function GiveNetwork({ onNetwork }: Pick<Props, 'onNetwork'>) {
  const chosen = ({ target }: ChangeEvent<HTMLInputElement>) => {
    const [file] = target.files ?? [];
    if (file) onNetwork(file);
  };
  return (
    <label className="field">
      {texts.giveNetwork}
      <input type="file" accept="application/json,.json" data-testid="proof-network" onChange={chosen} />
      <span className="small quiet">{texts.giveHint}</span>
    </label>
  );
}
