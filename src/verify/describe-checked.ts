import type { CheckedProof, CheckedStep } from './checked-proof.ts';

const chainNames: Readonly<Record<string, string>> = { hotstuff2: 'HotStuff-2', moloch: 'Moloch', stacks: 'Stacks' };

const factsOf = (data: CheckedStep['data']) => Object.entries(data).map(([name, value]) => `${name} ${value}`).join(', ');
const inBrackets = (text: string) => (text === '' ? '' : ` (${text})`);

/** What no check shows, by the names that a chain's verifier gives. */
const assumptions: Readonly<Record<string, string>> = {
  checkpoint: 'that the checkpoint of the network file is genuine: its signers are trusted.',
  'cycle-by-order': 'which cycle the block belongs to: the order of the signer sets in the file says it, no header does.',
  'confirmation-not-shown': 'that the block is confirmed: the file shows that its signers signed it; until two later tenures stand on it, another block can take its place.',
  'bitcoin-anchoring-not-verified': 'Bitcoin anchoring is not verified: that tenures were elected on Bitcoin, and that the block is on the fork that Bitcoin holds.',
};
const usual = 'that fewer than a third of the validators were dishonest.';

/** What to do about it, by code. Other codes are told as they are. */
const refusals: Readonly<Record<string, string>> = {
  'unknown-network': 'no network of the file’s chain was given. Give its network file with --network.',
  'other-network': 'the file is of another network than the one that was given.',
  'other-chain-id': 'the file is of another network than the one that was given.',
  'other-genesis': 'the file is of another network than the one that was given.',
  checkpoint: 'the file begins with other signers than the checkpoint of the network file. Anybody can make such a file.',
  'not-pinned': 'the file rests on a checkpoint that the network file does not name. Anybody can make such a file.',
  'set-not-trusted': 'the file is signed by validators that the network file does not name, and does not show how they took over.',
  damaged: 'the file is damaged: its bytes cannot be read.',
  state: 'its hashes do not lead to the state root of the block: the value or its proof was altered.',
  'too-large': 'the file is larger than any proof file of its chain.',
};

/** What a file of another chain than Albatross proves, what was checked for it and what no check shows, a line each. */
export function describeChecked({ chain, value, steps, assumed }: CheckedProof): readonly string[] {
  return [
    ...value.map(({ name, text }) => `${name === 'value' ? 'Proven' : `${name.slice(0, 1).toUpperCase()}${name.slice(1)}`}: ${text}`),
    `Chain: ${chainNames[chain] ?? chain}`,
    ...steps.map(({ name, data }) => `Checked: ${name}${inBrackets(factsOf(data))}`),
    ...(assumed?.map((name) => assumptions[name] ?? name) ?? [usual]).map((text) => `Assumed: ${text}`),
  ];
}

/** Why such a file proves nothing. */
export function describeFailed({ steps }: CheckedProof): string {
  const { name = 'form', code = 'damaged', data = {} } = steps.find(({ state }) => state === 'failed') ?? {};
  return `${refusals[code] ?? `the check of its ${name} failed: ${code}.`}${inBrackets(factsOf(data))}`;
}
