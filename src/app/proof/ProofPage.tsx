// Tests: `e2e/proof-file.spec.ts`.
import { type ChangeEvent, type DragEvent, useEffect, useRef, useState, useSyncExternalStore } from 'react';
import type { Client } from '../../client/types.ts';
import { useStatus } from '../../react/hooks.ts';
import { blockTexts } from '../block-texts.ts';
import { giveFile, givenFile } from '../given-file.ts';
import { CopyText } from '../../ui/CopyText.tsx';
import { overviewHref } from '../route.ts';
import '../chains/albatross/accounts/accounts.css';
import './proof.css';
import { CheckedProofView } from './CheckedProofView.tsx';
import { openQuestions, ownTexts, proofTexts, proofVerdict, refusalText, stepText } from './proof-texts.ts';
import { linkedFile } from './proof-link.ts';
import { ProofSteps } from './ProofSteps.tsx';
import { ProofValue } from './ProofValue.tsx';
import { needsOwnChain, type ReadProof, proofSteps } from './read-proof.ts';
import { takeLaunchedFile } from './take-launched-file.ts';
import { useOwnLevel, useReadProof } from './use-proof.ts';

/** Opens a proof file, and shows what was checked. `client`: for files that rest on a block which the page's own chain may have. */
export function ProofPage({ client }: { readonly client: Client | undefined }) {
  const title = useRef<HTMLHeadingElement>(null);
  const file = useSyncExternalStore(givenFile.subscribe, givenFile.get);
  const [network, setNetwork] = useState<File>();
  const read = useReadProof(file, network);
  useEffect(() => {
    scrollTo(0, 0);
    title.current?.focus({ preventScroll: true });
    takeLaunchedFile();
    const openLink = () => {
      const linked = linkedFile(location.hash);
      if (linked) giveFile(linked);
    };
    openLink();
    addEventListener('hashchange', openLink);
    return () => removeEventListener('hashchange', openLink);
  }, []);
  return (
    <article className="panel block-page account-page proof-page" data-testid="proof-page" data-state={read?.kind ?? (file ? 'checking' : 'empty')}>
      <header>
        <a href={overviewHref} className="back">← {blockTexts.back}</a>
        <h2 ref={title} tabIndex={-1}>{proofTexts.title}</h2>
        <p className="quiet">{file ? proofTexts.name(file.name) : proofTexts.what}</p>
      </header>
      {file && !read && <p role="status" className="checking">{proofTexts.checking}</p>}
      {read?.kind === 'verified' && <Verified client={client} read={read} />}
      {read?.kind === 'checked' && <CheckedProofView proof={read.proof} codes={read.codes} given={network?.name} onNetwork={setNetwork} />}
      {read?.kind === 'refused' && <Refused read={read} />}
      <Choose again={file !== undefined} />
    </article>
  );
}

function Verified({ client, read }: { readonly client: Client | undefined; readonly read: Extract<ReadProof, { kind: 'verified' }> }) {
  const { proof, bytes } = read;
  const status = useStatus(client);
  const own = useOwnLevel(client, read, status?.consensus === 'established');
  const level = own === 'none' ? undefined : own;
  const verdict = proofVerdict(proof, level);
  const asks = needsOwnChain(proof);
  const steps = proofSteps.map((step) => ({
    step,
    state: step === 'start' && asks && level === undefined ? ('weak' as const) : ('done' as const),
    text: stepText(step, proof, bytes),
    more: step === 'start' && asks && <OwnChain own={own} hash={proof.restsOn.hash} asked={client !== undefined} />,
  }));
  return (
    <>
      <div className="about">
        <div className="verdict" data-tone={verdict.tone} data-testid="proof-verdict" data-level={asks ? (level ?? 'claimed') : proof.level} role="status">
          <p><strong>{verdict.title}</strong></p>
          <p>{verdict.text}</p>
        </div>
        <ProofValue proof={proof} />
      </div>
      <div className="why">
        <h3 className="label">{proofTexts.checked}</h3>
        <ProofSteps steps={steps} />
        <h3 className="label">{proofTexts.notProven}</h3>
        <ul className="assumed">
          {openQuestions(proof, level).map((text) => <li key={text}>{text}</li>)}
        </ul>
      </div>
    </>
  );
}

/** What this browser's own chain says about the block that the file begins with. */
function OwnChain({ own, hash, asked }: { readonly own: ReturnType<typeof useOwnLevel>; readonly hash: string; readonly asked: boolean }) {
  if (own === undefined && asked) return <p data-testid="own-chain">{ownTexts.asking}</p>;
  if (own !== undefined && own !== 'none' && own !== 'claimed') return <p data-testid="own-chain" data-level={own}>{ownTexts[own]}</p>;
  return (
    <>
      <p data-testid="own-chain" data-level="none">{ownTexts.none}</p>
      <p className="whole-hash"><code>{hash}</code><CopyText text={hash} name={blockTexts.hash} /></p>
    </>
  );
}

function Refused({ read: { code, data, step } }: { readonly read: Extract<ReadProof, { kind: 'refused' }> }) {
  const failed = proofSteps.indexOf(step);
  const steps = proofSteps.map((each, index) => {
    const state = index < failed ? ('done' as const) : each === step ? ('failed' as const) : ('open' as const);
    return { step: each, state, text: proofTexts.steps[state] };
  });
  return (
    <>
      <div className="about">
        <div className="verdict" data-tone="bad" data-testid="proof-verdict" data-code={code} role="alert">
          <p><strong>{proofTexts.refused}</strong></p>
          <p>{refusalText(code, data)}</p>
        </div>
      </div>
      <div className="why">
        <h3 className="label">{proofTexts.checked}</h3>
        <ProofSteps steps={steps} />
      </div>
    </>
  );
}

/** Where files are dropped or chosen. They can be dropped anywhere on the page; this only shows it. */
function Choose({ again }: { readonly again: boolean }) {
  const input = useRef<HTMLInputElement>(null);
  const [over, setOver] = useState(false);
  const chosen = ({ target }: ChangeEvent<HTMLInputElement>) => {
    const [file] = target.files ?? [];
    if (file) giveFile(file);
    // The same file may be chosen again.
    target.value = '';
  };
  const left = (event: DragEvent) => setOver(event.type === 'dragenter' || (event.relatedTarget instanceof Node && event.currentTarget.contains(event.relatedTarget)));
  return (
    <div className="drop-zone" data-over={over} data-again={again} onDragEnter={left} onDragLeave={left} onDrop={() => setOver(false)}>
      {!again && (
        <>
          <svg viewBox="0 0 48 48" aria-hidden="true">
            <path d="M12 4h17l9 9v31H12zM29 4v9h9M18 28l5 5 9-11" />
          </svg>
          <p><strong>{proofTexts.drop}</strong></p>
          <p className="quiet">{proofTexts.orPaste}</p>
        </>
      )}
      <button type="button" className={again ? 'plain' : undefined} onClick={() => input.current?.click()}>{again ? proofTexts.another : proofTexts.choose}</button>
      <input ref={input} type="file" accept=".petrel" hidden data-testid="proof-input" onChange={chosen} />
    </div>
  );
}
