import { useEffect, useRef, useState } from 'react';
import type { Answer, CallOptions } from '../../client/types.ts';
import { download } from '../../page/download.ts';
import { formatBytes } from '../../page/format.ts';
import { giveFile } from '../given-file.ts';
import { problemOf } from '../../page/problem-of.ts';
import { trustTexts } from '../../page/texts.ts';
import { QrCode } from '../../ui/QrCode.tsx';
import { proofLink } from './proof-link.ts';
import { saveProblemText, saveTexts } from './save-texts.ts';

interface Props {
  /** Makes the file. */
  readonly prove: (options: CallOptions) => Promise<Answer<Uint8Array>>;
  /** Of the file, without its ending. */
  readonly name: string;
  /** What is proven, for users who do not see the button's place. */
  readonly subject: string;
}

type State =
  | { readonly kind: 'idle' }
  | { readonly kind: 'working' }
  | { readonly kind: 'saved'; readonly file: File; readonly answer: Answer<Uint8Array> }
  | { readonly kind: 'failed'; readonly text: string };

/** Makes a proof file and saves it. It can take until the end of the batch; the user may go on, or stop it. */
export function SaveProof({ prove, name, subject }: Props) {
  const [state, setState] = useState<State>({ kind: 'idle' });
  const abort = useRef<AbortController>(undefined);
  useEffect(() => () => abort.current?.abort(), []);
  const save = async () => {
    const own = new AbortController();
    abort.current = own;
    setState({ kind: 'working' });
    try {
      const answer = await prove({ signal: own.signal });
      const file = new File([answer.value as Uint8Array<ArrayBuffer>], `${name}-${answer.block.height}.petrel`, { type: 'application/x-petrel' });
      download(file.name, file, file.type);
      setState({ kind: 'saved', file, answer });
    } catch (error) {
      const { code, data } = problemOf(error);
      setState(own.signal.aborted ? { kind: 'idle' } : { kind: 'failed', text: saveProblemText(code, data) });
    }
  };
  const link = state.kind === 'saved' ? proofLink(state.answer.value, `${location.origin}${location.pathname}`) : undefined;
  return (
    <div className="save-proof" data-testid="save-proof" data-state={state.kind}>
      {state.kind === 'working' ? (
        <button type="button" className="plain" onClick={() => abort.current?.abort()}>{saveTexts.stop}</button>
      ) : (
        <button type="button" className="plain" aria-label={`${saveTexts.save}: ${subject}`} onClick={() => void save()}>{saveTexts.save}</button>
      )}
      <div role="status" className="small">
        {state.kind === 'working' && <p className="quiet">{saveTexts.working}</p>}
        {state.kind === 'failed' && <p className="warn">{state.text}</p>}
        {state.kind === 'saved' && (
          <>
            <p>{saveTexts.saved(state.file.name, formatBytes(state.file.size))} {state.answer.level === 'claimed' ? saveTexts.claimed : saveTexts.worth(trustTexts[state.answer.level].title)}</p>
            {link !== undefined && (
              <details className="as-qr">
                <summary>{saveTexts.asQr}</summary>
                <QrCode text={link} name={subject} />
                <p className="quiet">{saveTexts.qrHint}</p>
              </details>
            )}
            <p><button type="button" className="link" onClick={() => giveFile(state.file)}>{saveTexts.open}</button></p>
          </>
        )}
      </div>
    </div>
  );
}
