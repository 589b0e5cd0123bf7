/** Texts for what was checked, by the names under which the chains count. A name without a text is shown as its words: nothing is hidden. */

import type { AlbatrossCounts, CheckedCounts } from '../client/types.ts';
import { formatNumber, formatTook } from '../page/format.ts';
import { words } from '../page/counted.ts';

interface CountText {
  readonly words: (count: number) => string;
  /** Explains the word. */
  readonly hint?: string;
}

/** In the order in which they are shown. */
const albatross = {
  proofs: { words: words('zero-knowledge proof', 'zero-knowledge proofs') },
  electionBlocks: { words: words('election block', 'election blocks') },
  checkpoints: { words: words('checkpoint', 'checkpoints') },
  justifications: { words: words('justification', 'justifications'), hint: 'A justification is the joint signature of at least two thirds of the validators.' },
  microBlocks: { words: words('micro block', 'micro blocks') },
} satisfies Readonly<Record<Exclude<keyof AlbatrossCounts, 'milliseconds'>, CountText>>;

/** Of chains with quorum certificates. */
const certified = {
  blocks: { words: words('final block', 'final blocks') },
  certificates: { words: words('certificate', 'certificates'), hint: 'A certificate is the votes of a quorum of the validators for one block. Hashes bind the blocks before it.' },
} satisfies Readonly<Record<string, CountText>>;

/** Of Stacks. */
const signed = {
  headers: { words: words('header', 'headers') },
  signatures: { words: words('signature', 'signatures') },
  cycles: { words: words('signer set handed over', 'signer sets handed over') },
  stateProofs: { words: words('state proof', 'state proofs'), hint: 'A state proof is a way of hashes from a value to the state root of a block.' },
  jumps: { words: words('jump', 'jumps'), hint: 'A jump leaves out blocks. That the block before it and the one after it are of one branch is the word of a gateway.' },
} satisfies Readonly<Record<string, CountText>>;

const countTexts = new Map<string, CountText>(Object.entries({ ...albatross, ...certified, ...signed }));

export interface CountShown {
  readonly name: string;
  readonly count: number;
  readonly words: string;
  readonly hint: string | undefined;
}

/** The counts that are not 0, with their texts: those with a text of their own first, then all others. */
export function countsShown(checked: CheckedCounts): readonly CountShown[] {
  const names = new Set([...countTexts.keys(), ...Object.keys(checked)]);
  names.delete('milliseconds');
  return Array.from(names).flatMap((name) => {
    const count = checked[name] ?? 0;
    const text = countTexts.get(name);
    return count > 0 ? [{ name, count, words: text?.words(count) ?? wordsOf(name), hint: text?.hint }] : [];
  });
}

/** "12 election blocks, 12 justifications, in 800 ms"; empty when nothing was checked. */
export function checkedText(checked: CheckedCounts): string {
  const counts = countsShown(checked).map(({ count, words }) => `${formatNumber(count)} ${words}`);
  return counts.length === 0 ? '' : [...counts, `in ${formatTook(checked.milliseconds)}`].join(', ');
}

/** "counterSteps" as "counter steps". */
function wordsOf(name: string): string {
  return name.replaceAll(/(?<=\p{Ll})\p{Lu}/gu, (letter) => ` ${letter.toLowerCase()}`);
}
