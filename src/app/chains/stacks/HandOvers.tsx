// Tests: `e2e/stacks.spec.ts`.
import { useEffect, useState } from 'react';
import type { Client, StacksCycle, StacksNetworkDetails } from '../../../client/types.ts';
import { errorText } from '../../../page/problem-of.ts';
import { formatDateTime, formatNumber, formatSpan } from '../../../page/format.ts';
import { Fold } from '../../parts/Fold.tsx';
import { blockHref } from '../../route.ts';
import { readerTexts as texts } from './reader-texts.ts';
import { percentOf } from './stacks-words.ts';
import { WeightBar } from './WeightBar.tsx';

/** Milliseconds after which a checkpoint counts as old: three months, some six cycles of two weeks on the main network. Our own choice. */
const OLD_CHECKPOINT = 90 * 86_400_000;

interface Props {
  readonly client: Client;
  readonly network: StacksNetworkDetails;
  /** Of the newest block: when it moves, there is a set more. */
  readonly cycle: number;
}

/** The signer sets from the checkpoint on, each with the block whose state names it and what signed that block. */
export function HandOvers({ client, network: { checkpoint }, cycle }: Props) {
  const { cycles, problem } = useCycles(client, cycle);
  const [opened] = useState(() => Date.now());
  const age = opened - checkpoint.time;
  return (
    <Fold name="hand-overs" title={texts.handOvers} gist={texts.handOversGist(cycles.filter(({ from }) => from === 'hand-over').length)} testid="hand-overs">
      <p className="small" data-testid="no-anchoring">{texts.noAnchoring}</p>
      {problem !== undefined && <p className="warn small">{texts.cyclesFail(problem)}</p>}
      <ol className="cycles">
        {cycles.map((each) => <CycleItem key={each.cycle} of={each} />)}
      </ol>
      <p className={age > OLD_CHECKPOINT ? 'warn small' : 'quiet small'} data-testid="checkpoint-age" data-old={age > OLD_CHECKPOINT}>
        {texts.age(formatSpan(Math.max(0, age)))} {age > OLD_CHECKPOINT ? texts.oldCheckpoint : texts.checkpointHint}
      </p>
    </Fold>
  );
}

interface Told {
  /** Of the newest block, when they were asked for. */
  readonly at: number | undefined;
  readonly cycles: readonly StacksCycle[];
  /** Why they could not be read. */
  readonly problem?: string;
}

/** Asked again when the newest block is of another cycle. What was told before stays until then. */
function useCycles(client: Client, cycle: number): Told {
  const [told, setTold] = useState<Told>({ at: undefined, cycles: [] });
  useEffect(() => {
    const ended = new AbortController();
    client.stacks.getCycles({ signal: ended.signal }).then(
      (cycles) => setTold({ at: cycle, cycles }),
      (error: unknown) => void (ended.signal.aborted || setTold(({ cycles }) => ({ at: cycle, cycles, problem: errorText(error) }))),
    );
    return () => ended.abort();
  }, [client, cycle]);
  return told;
}

function CycleItem({ of: { cycle, from, block, signers, totalWeight, weight, hops } }: { readonly of: StacksCycle }) {
  return (
    <li data-testid="cycle" data-cycle={cycle} data-from={from}>
      <p><strong>{texts.cycle(cycle)}</strong> <span className="quiet small">{texts.signersOf(signers, totalWeight)}</span></p>
      <p className="small">{from === 'checkpoint' ? texts.fromCheckpoint : texts.fromHandOver(cycle - 1)}</p>
      <p className="small quiet">
        <a href={blockHref(block.id)}>{texts.block(block.height)}</a> · <time dateTime={new Date(block.time).toISOString()}>{formatDateTime(block.time)}</time>
        {from === 'hand-over' && <> · {texts.hops(hops)}</>}
      </p>
      {weight && <p className="small least"><WeightBar weight={weight} /> <span className="quiet">{texts.signedBy(`${percentOf(weight.signed, weight.total)} (${formatNumber(weight.signed)} of ${formatNumber(weight.total)})`)}</span></p>}
    </li>
  );
}
