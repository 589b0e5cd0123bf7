import { type CodeTexts, codeTexts, sentenceOf } from '../../page/code-texts.ts';
import { counted } from '../../page/counted.ts';
import { chainTexts } from '../../page/texts.ts';
import type { CheckedStep } from '../../verify/checked-proof.ts';

/** What the files of a chain leave open, by the names that its verifier gives. */
const assumedTexts: Readonly<Record<string, string>> = {
  checkpoint: 'That the checkpoint of the network file is genuine. Its signers are trusted; if enough of their keys were lost since, whoever has these can make such a file.',
  'cycle-by-order': 'Which cycle the block belongs to: no header names it. The order of the signer sets in the file says which one is to sign.',
  'confirmation-not-shown': 'That the block is confirmed: the file shows that its signers signed it. Until two later tenures stand on it, another block can take its place.',
  'bitcoin-anchoring-not-verified': 'Bitcoin anchoring: that the tenures were elected on Bitcoin, and that the block is on the fork that Bitcoin holds.',
};

/** The texts of proof files of other chains than Albatross. */
export const checkedProofTexts = {
  proven: (chain: string) => `Proven on ${chainTexts.get(chain) ?? chain}`,
  provenText: (chain: string) =>
    chain === 'stacks'
      ? 'Every signature and hash in the file was checked in this browser, from the checkpoint of the network file on.'
      : 'Every signature and hash in the file was checked in this browser, against the validators of the network that this page was opened with.',
  refused: 'Refused: this file proves nothing',
  /** By what the file states: a value can change, an event stays, but can have others beside it. */
  notProven: (names: readonly string[], assumed: readonly string[] | undefined) => [
    names.includes('event')
      ? 'That what the event says is true, or that no other event says something else: the file shows that its makers signed it and that it is in this block.'
      : 'That the value is still the same: the file is about its block, and says nothing of later ones.',
    ...(assumed === undefined ? ['That fewer than a third of the validators were dishonest. The whole chain rests on that.'] : assumed.map((name) => assumedTexts[name] ?? name)),
  ],
  right: 'It is right.',
  giveNetwork: 'Check it with another network file',
  gaveNetwork: (name: string) => `Checked with the network file ${name}.`,
  giveHint: 'What the file proves rests on the network file: it names what is trusted. Take it from a source that you trust.',
} as const;

const stepTitles: Readonly<Record<string, string>> = {
  form: 'The file', format: 'The file', network: 'Its network', sets: 'Its validators', checkpoint: 'Its checkpoint', headers: 'Its headers', finality: 'Its final block', state: 'The way to the value', inclusion: 'The way to the event', event: 'Its event', attestation: 'The event’s signatures', block: 'Its block', chain: 'The way to the final block', 'hand-overs': 'Its signer sets', signers: 'Its block', value: 'Its value',
};

const changes = counted('change of validators', 'changes of validators');

const handed = counted('hand-over', 'hand-overs');
const blocksPassed = counted('block', 'blocks');

const whole = ({ bytes }: CheckedStep['data']) => (bytes === undefined ? 'It is whole.' : `It is whole: ${bytes} bytes.`);

/**
 * What a step has shown, where it measured something or needs more words than that it is right.
 * A refused file comes without what its good steps measured, so each has words without a measure.
 */
const shown: Readonly<Record<string, (data: CheckedStep['data']) => string>> = {
  form: whole,
  format: whole,
  network: ({ name }) => (name === undefined ? 'It is of the network that this page was opened with.' : `It is of ${name}, which this page was opened with.`),
  sets: ({ handOvers = 0 }) => (handOvers === 0 ? 'They are the validators of this network.' : `They follow from the validators of this network’s genesis: the file proves ${changes(Number(handOvers))}.`),
  checkpoint: ({ anchor, cycle, block, signers }) => {
    if (cycle !== undefined) return `It begins with the signers that the network file trusts: ${signers} of cycle ${cycle}, from block ${block} on.`;
    if (anchor === undefined) return 'This page’s network names it.';
    return anchor === 'genesis' ? 'It begins at this network’s genesis.' : 'It is the one that the network’s parameters pin.';
  },
  headers: ({ signed }) => (signed === undefined ? 'Enough validators signed the final one.' : `Validators that signed the final one: ${signed}. That is enough.`),
  finality: ({ votes }) => (votes === undefined ? 'There are enough votes for it, and for the block after it.' : `Votes for it, and for the block after it: ${votes}. That is enough.`),
  'hand-overs': ({ handOvers, cycle }) =>
    handOvers === undefined ? 'Each set of signers is named in the state after a block that the set before signed.' : handOvers === 0 ? `None is needed: the block is of the checkpoint’s cycle, ${cycle}.` : `${handed(Number(handOvers))}, up to cycle ${cycle}: each set is named in the state after a block that the set before signed.`,
  signers: ({ signed, total, threshold, cycle }) => (signed === undefined ? 'Enough signers signed it.' : `Signers of cycle ${cycle} with weight ${signed} of ${total} signed it; ${threshold} are needed.`),
  state: ({ blocks }) => (blocks === undefined ? 'The hashes lead to the state root of its block.' : blocks === 0 ? 'The hashes lead to the state root of its block, which wrote the value.' : `The hashes lead by way of ${blocksPassed(Number(blocks))} to the state root of its block.`),
  value: () => 'The key and the value can be read to the last byte.',
  event: () => 'Its hash is the id that the proof names.',
  attestation: () => 'Its maker signed it as it is here, and each further signature is over the one before it.',
  block: () => 'Its header has the hash that the proof names, and its sealer signed it.',
  inclusion: () => 'The hashes lead to the events root of its block.',
  chain: ({ final }) => (final === undefined ? 'The hashes lead from a final block back to it.' : `The hashes lead from final block ${final} back to it.`),
};

const valueTitles: Readonly<Record<string, string>> = { key: 'Key', value: 'Value', block: 'Block', hash: 'Hash', time: 'Time', event: 'Event' };

/** What a person can do about a step that failed, or what it means for the file. Other codes have their text among those of the chain. */
const refusals: ReadonlyMap<string, string> = new Map(Object.entries({
  damaged: 'The file is damaged or cut off. Ask for it again.',
  'unknown-network': 'This page was opened with a network of another chain, so it does not know which validators to trust. Open the file’s network (its network file), and the proof there.',
  'other-chain-id': 'The file is of another network than the one that this page was opened with. Open the file’s network, and the proof there.',
  'other-genesis': 'The file is of another network than the one that this page was opened with. Open the file’s network, and the proof there.',
  'other-network': 'The file is of another network than the one that this page was opened with. Open the file’s network, and the proof there.',
  'not-pinned': 'It rests on a checkpoint that the network’s parameters do not name. Anybody can make such a file.',
  checkpoint: 'It begins with other signers than the checkpoint of the network file. Anybody can make such a file. Ask for one that begins with your checkpoint, or check it with a network file whose checkpoint you trust.',
  'set-not-trusted':
'It is signed by validators that this network’s parameters do not name, and it does not show that they took over from those. Anybody can make such a file, so it proves nothing. Ask for one that shows how they took over: Petrel makes such files.',
}));

/** Bytes that the decoders of all chains refuse. */
const bytesTexts: CodeTexts = {
  'unexpected-end': 'the bytes end too early',
  'length-over-limit': 'a part of it is longer than it may be',
  'number-too-large': 'a number is too large',
  'invalid-bool': 'a byte that should be 0 or 1',
  'invalid-value': 'a value that cannot be',
  truncated: 'the bytes end too early',
  trailing: 'there are bytes after its end',
  magic: 'its first bytes are those of another kind of file',
  number: 'a number is too large',
  type: 'a part of it is of a kind that does not exist',
  text: 'a text in it has bytes that are no text',
  depth: 'values in it are nested too deeply',
  duplicate: 'an entry is in it twice',
};

/** Facts whose names say nothing to a person. Others are shown by their names. */
const factTexts: Readonly<Record<string, (value: string | number) => string>> = {
  link: (index) => `number of the signature: ${Number(index) + 1}`,
  at: (offset) => `at byte: ${offset}`,
  id: (id) => `id in the proof: ${id}`,
  chainId: (hash) => `chain id in the file: ${hash}`,
  cycle: (cycle) => `This is in the hand-over to cycle ${cycle}.`,
  field: (name) => `what differs: ${name}`,
  value: (value) => `in the file: ${value}`,
  hash: (hash) => `hash in the file: ${hash}`,
  came: (what) => `In the file: ${what}.`,
  validators: (hash) => `hash of its validators: ${hash}`,
};

export const stepTitleOf = (name: string): string => stepTitles[name] ?? name;
export const valueTitleOf = (name: string): string => valueTitles[name] ?? name;

/** What a step showed, or why it failed, with what was measured. `codes`: the texts of the chain's codes, before the common ones. A code without a text is shown as it is. */
export function checkedStepText({ name: step, state, code = '', data }: CheckedStep, codes: CodeTexts): string {
  if (state === 'done' && Object.hasOwn(shown, step)) return shown[step]!(data);
  const own = (name: string) => {
    const text = [codes, bytesTexts, codeTexts].find((texts) => Object.hasOwn(texts, name))?.[name];
    return typeof text === 'string' ? sentenceOf(text) : undefined;
  };
  const { reason, ...measured } = data;
  const why = reason === undefined ? '' : (own(String(reason)) ?? `reason: ${reason}`);
  const facts = Object.entries(measured).map(([name, value]) => (Object.hasOwn(factTexts, name) ? factTexts[name]!(value) : `${name}: ${value}`)).join(', ');
  const said = state === 'failed' ? (refusals.get(code) ?? own(code) ?? code) : state === 'done' ? checkedProofTexts.right : '';
  return [said, why, facts].filter((part) => part !== '').join(' ');
}
