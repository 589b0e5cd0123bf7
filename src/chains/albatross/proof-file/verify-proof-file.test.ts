import { describe, expect, it } from 'vitest';
import { type Link, genesisLink, linkOf, makeMacro, makeMicro } from '../../../../test/support/chain-maker.ts';
import { plainProof, readKeptProofFiles } from '../../../../test/support/kept-proof-files.ts';
import { recording } from '../../../../test/support/node-recordings.ts';
import { namedStep, proofFileSamples, signedStep } from '../../../../test/support/proof-file-samples.ts';
import { verifyNow } from '../../../../test/support/verify-now.ts';
import { walletTrie } from '../../../../test/support/wallet-proofs.ts';
import { fromHex, toHex } from '../../../base/bytes.ts';
import { testAlbatross } from '../chain/networks/test-albatross.ts';
import { unitAlbatross } from '../chain/networks/unit-albatross.ts';
import { accountKey, validatorKey } from '../proofs/trie-keys.ts';
import { accountView, validatorView } from '../proofs/account-views.ts';
import { policyOf } from '../chain/policy-of.ts';
import { account, stakingValidator } from '../wire/accounts.ts';
import { decode } from '../../../base/postcard/codec.ts';
import type { MacroBlock } from '../wire/types.ts';
import { decodeProofFile, encodeProofFile, type FiledAnchor, type FiledStep, type ProofFile } from './proof-file.ts';
import { type ProofFileOptions, verifyProofFile } from './verify-proof-file.ts';

const samples = proofFileSamples();
const named = (name: string): ProofFile => {
  const sample = samples.find((each) => each.name === name);
  if (!sample) throw new Error(`no sample ${name}`);
  return sample.file;
};
const options: ProofFileOptions = { network: unitAlbatross, verify: verifyNow, minLevel: 'claimed' };
const verified = (file: ProofFile, change: Partial<ProofFileOptions> = {}) => verifyProofFile(file, { ...options, ...change });

describe('a file', () => {
  it('proves the same after encoding and decoding', async () => {
    for (const { file } of samples) {
      const bytes = encodeProofFile(file);
      expect(encodeProofFile(decodeProofFile(bytes))).toEqual(bytes);
      expect(await verified(decodeProofFile(bytes))).toEqual(await verified(file));
    }
  });

  it('proves the transactions of a real node, with what the node said of them', async () => {
    const said = new Map(recording('transactions-proofs').proofs.flatMap(({ transactions }) => transactions.map((each) => [each.hash, each] as const)));
    let compared = 0;
    for (const { file } of samples) {
      const { statement, block, finalBy } = await verified(file);
      if (statement.type !== 'transaction') continue;
      const { value } = statement;
      expect(value).toMatchObject({ hash: statement.hash, state: 'confirmed', confirmations: finalBy.height - value.blockHeight + 1 });
      expect(value.blockHeight).toBeLessThanOrEqual(block.height);
      const expected = said.get(statement.hash);
      if (expected === undefined || value.kind === 'reward') continue;
      compared += 1;
      expect(value).toMatchObject({ blockHeight: expected.height, value: expected.value, fee: expected.fee, executionResult: expected.ok });
    }
    expect(compared).toBeGreaterThan(15);
  });

  it('proves what the trie has, and that it has nothing', async () => {
    const entries = new Map(walletTrie().entries);
    const said: unknown[] = [];
    const stored: unknown[] = [];
    for (const { file } of samples) {
      if (file.statement.type !== 'account' && file.statement.type !== 'validator') continue;
      const { address, type } = file.statement;
      const key = type === 'account' ? accountKey(address) : validatorKey(address);
      const bytes = entries.get(key);
      const { statement } = await verified(file);
      said.push([statement.type, statement.value]);
      if (bytes === undefined) stored.push([type, type === 'account' ? { type: 'basic', balance: 0 } : undefined]);
      else stored.push([type, type === 'account' ? accountView(decode(account, fromHex(bytes))) : validatorView(decode(stakingValidator, fromHex(bytes)), policyOf(unitAlbatross))]);
    }
    expect(said).toEqual(stored);
    expect(said.length).toBeGreaterThan(8);
  });

  it.each([
    ['genesis', 'proven', 'genesis', 200, { signed: 0, named: 0 }],
    ['a skip block', 'proven', 'genesis', 232, { signed: 1, named: 2 }],
    ['version 1: no account, by a zero-knowledge proof and an older checkpoint', 'proven', 'zk-proof', 616, { signed: 1, named: 2 }],
    ['version 2: staker, from a named block', 'claimed', 'named', 584, { signed: 0, named: 1 }],
    ['recorded: micro block 470', 'proven', 'genesis', 488, { signed: 3, named: 18 }],
  ] as const)('says what it rests on: %s', async (name, level, kind, final, checked) => {
    const result = await verified(named(name));
    expect(result).toMatchObject({ level, restsOn: { kind }, finality: 'final', finalBy: { height: final }, checked, network: { name: 'unit-albatross', development: true } });
  });
});

describe('trust', () => {
  const file = named('version 1: staker, from a named block');
  const hash = file.anchor.type === 'named' ? file.anchor.hash : '';

  it('is not given to a block that only the file names', async () => {
    await expect(verified(file, { minLevel: undefined })).rejects.toMatchObject({ name: 'ProofFileError', code: 'level-too-low', data: { level: 'claimed', wanted: 'pinned', height: 712, hash } });
    await expect(verified(file, { minLevel: undefined, trusted: ['00'.repeat(32)] })).rejects.toMatchObject({ name: 'ProofFileError', code: 'level-too-low', data: { level: 'claimed' } });
  });

  it("is the caller's or the release's", async () => {
    expect(await verified(file, { minLevel: undefined, trusted: [hash] })).toMatchObject({ level: 'pinned', restsOn: { pinned: true, hash } });
    expect(await verified(file, { minLevel: undefined, network: { ...unitAlbatross, pinnedElection: { hash } } })).toMatchObject({ level: 'pinned' });
    await expect(verified(file, { minLevel: 'proven', trusted: [hash] })).rejects.toMatchObject({ name: 'ProofFileError', code: 'level-too-low', data: { level: 'pinned', wanted: 'proven' } });
  });
});

describe('is refused:', () => {
  const checkpointFile = named('version 1: account at a checkpoint, from genesis');
  const zkFile = named('version 1: staking contract, by a zero-knowledge proof and older election blocks');
  const namedFile = named('version 1: staker, from a named block');
  const interlinkFile = named('version 1: an old election block, by the interlink of a named one');
  const microFile = named('contract at a micro block below a skip block');

  it('a file of another network', () => expect(verified(checkpointFile, { network: testAlbatross })).rejects.toMatchObject({ name: 'ProofFileError', code: 'other-network', data: { expected: testAlbatross.genesisHash, came: unitAlbatross.genesisHash } }));

  it('another block than the named one', async () => {
    const { anchor } = namedFile;
    if (anchor.type !== 'named') throw new Error('not named');
    await expect(verified({ ...namedFile, anchor: { ...anchor, hash: 'ab'.repeat(32) } })).rejects.toMatchObject({ name: 'ProofFileError', code: 'wrong-anchor', data: { expected: 'ab'.repeat(32), came: anchor.hash } });
    const checkpoint = makeMacro(genesisLink, { blockNumber: 232 });
    await expect(verified({ ...namedFile, anchor: { type: 'named', header: checkpoint.block.header, hash: checkpoint.hash } })).rejects.toMatchObject({ name: 'ProofFileError', code: 'refused-block', data: { rule: 'not-an-election-block', height: 232 } });
  });

  it('a zero-knowledge proof of another block, or on a network that has none', async () => {
    const { anchor } = zkFile;
    if (anchor.type !== 'zk-proof') throw new Error('no proof');
    const { zkp: _, ...without } = unitAlbatross;
    await expect(verified(zkFile, { network: without })).rejects.toMatchObject({ name: 'ProofFileError', code: 'wrong-zk-proof', data: { reason: 'zkp-no-key' } });
    await expect(verified({ ...zkFile, anchor: { ...anchor, header: { ...anchor.header, timestamp: anchor.header.timestamp + 1 } } })).rejects.toMatchObject({ name: 'ProofFileError', code: 'wrong-zk-proof', data: { reason: 'zkp-invalid' } });
    const asNamed: FiledAnchor = { type: 'zk-proof', header: namedFile.anchor.type === 'named' ? namedFile.anchor.header : anchor.header, proof: anchor.proof };
    await expect(verified({ ...zkFile, anchor: asNamed, steps: zkFile.steps.slice(1) })).rejects.toMatchObject({ name: 'ProofFileError', code: 'wrong-zk-proof', data: { reason: 'zkp-invalid' } });
  });

  it('blocks that do not follow', async () => {
    const { steps } = checkpointFile;
    // Over an election block; and by the signers of another epoch.
    await expect(verified({ ...checkpointFile, steps: steps.slice(1) })).rejects.toMatchObject({ name: 'ProofFileError', code: 'refused-block', data: { rule: 'jumps-over-election-block', height: 456 } });
    await expect(verified({ ...checkpointFile, steps: [...steps.slice(0, 1), ...steps] })).rejects.toMatchObject({ name: 'ProofFileError', code: 'refused-block', data: { rule: 'not-after-macro-head', height: 328 } });
    // Signed blocks after a checkpoint or a micro block, which elect nobody.
    const after = signedStep(makeMacro(makeMacro(genesisLink, { blockNumber: 232 }), { blockNumber: 264 }).block);
    await expect(verified({ ...microFile, steps: [...microFile.steps.slice(0, 1), after] })).rejects.toMatchObject({ name: 'ProofFileError', code: 'unlinked-block', data: { height: 264 } });
    await expect(verified({ ...microFile, steps: [...microFile.steps, after] })).rejects.toMatchObject({ name: 'ProofFileError', code: 'unlinked-block', data: { height: 264 } });
    // A micro block left out, twice, or of another chain.
    await expect(verified({ ...microFile, steps: microFile.steps.toSpliced(2, 1) })).rejects.toMatchObject({ name: 'ProofFileError', code: 'unlinked-block', data: { height: 229 } });
    await expect(verified({ ...microFile, steps: microFile.steps.toSpliced(2, 0, ...microFile.steps.slice(2, 3)) })).rejects.toMatchObject({ name: 'ProofFileError', code: 'unlinked-block', data: { height: 230 } });
    await expect(verified({ ...microFile, steps: [...microFile.steps.slice(0, 1), namedStep(makeMicro(genesisLink, { blockNumber: 231 }))] })).rejects.toMatchObject({ name: 'ProofFileError', code: 'unlinked-block', data: { height: 231 } });
    // An old block whose hash the block above does not name.
    await expect(verified({ ...interlinkFile, steps: interlinkFile.steps.toSpliced(0, 0, ...named('version 2: an old election block, by the interlink of a named one').steps) })).rejects.toMatchObject({ name: 'ProofFileError', code: 'unlinked-block', data: { height: 456 } });
  });

  it('blocks that break a rule', async () => {
    const signed = (block: MacroBlock): ProofFile => ({ ...checkpointFile, steps: [signedStep(block)] });
    const checkpoint = makeMacro(genesisLink, { blockNumber: 232 });
    const { justification } = checkpoint.block;
    if (!justification) throw new Error('no justification');
    const few = { ...justification, sig: { ...justification.sig, signers: { words: justification.sig.signers.words.slice(0, 5) } } };
    await expect(verified(signed({ ...checkpoint.block, justification: few }))).rejects.toMatchObject({ name: 'ProofFileError', code: 'refused-block', data: { rule: 'too-few-signers', height: 232 } });
    await expect(verified(signed({ ...checkpoint.block, justification: { ...justification, round: 1 } }))).rejects.toMatchObject({ name: 'ProofFileError', code: 'refused-block', data: { rule: 'invalid-justification' } });
    await expect(verified(signed(makeMacro(genesisLink, { blockNumber: 232, network: 5 }).block))).rejects.toMatchObject({ name: 'ProofFileError', code: 'refused-block', data: { rule: 'wrong-network' } });
    await expect(verified(signed(makeMacro(genesisLink, { blockNumber: 232, version: 3 }).block))).rejects.toMatchObject({ name: 'ProofFileError', code: 'refused-block', data: { rule: 'unsupported-version' } });
    await expect(verified(signed(makeMacro(genesisLink, { blockNumber: 233 }).block))).rejects.toMatchObject({ name: 'ProofFileError', code: 'refused-block', data: { rule: 'wrong-block-type' } });
    await expect(verified(signed(makeMacro(genesisLink, { blockNumber: 232, parentElectionHash: '00'.repeat(32) }).block))).rejects.toMatchObject({ name: 'ProofFileError', code: 'refused-block', data: { rule: 'wrong-parent-election-hash' } });
    // Named by the hash of a signed block, and a macro block at the height of a micro block all the same.
    const odd = makeMacro(genesisLink, { blockNumber: 231 });
    const above = makeMacro(linkOf(odd.block, genesisLink) as Link, { blockNumber: 232 });
    await expect(verified({ ...checkpointFile, steps: [signedStep(above.block), namedStep(odd)] })).rejects.toMatchObject({ name: 'ProofFileError', code: 'refused-block', data: { rule: 'wrong-block-type', height: 231 } });
  });

  it('proofs of something else', async () => {
    const state = checkpointFile.statement;
    if (state.type !== 'account') throw new Error('no account');
    await expect(verified({ ...checkpointFile, statement: { ...state, address: fromHex('11'.repeat(20)) } })).rejects.toMatchObject({ name: 'ProofFileError', code: 'wrong-proof' });
    await expect(verified({ ...checkpointFile, statement: { ...state, type: 'staker' } })).rejects.toMatchObject({ name: 'ProofFileError', code: 'wrong-proof' });
    await expect(verified({ ...checkpointFile, steps: checkpointFile.steps.slice(0, 1) })).rejects.toMatchObject({ name: 'ProofFileError', code: 'wrong-proof', data: { reason: 'wrong-root' } });
    await expect(verified({ ...checkpointFile, statement: { type: 'block', hash: unitAlbatross.genesisHash } })).rejects.toMatchObject({ name: 'ProofFileError', code: 'wrong-proof', data: { reason: 'other-block' } });
  });

  it('proofs of another transaction, of none, or of several', async () => {
    const entries = samples.filter(({ name }) => name.startsWith('recorded: entry') && name.endsWith('at 488')).map(({ file }) => file);
    const [first, second] = entries;
    if (first?.statement.type !== 'transaction' || second?.statement.type !== 'transaction') throw new Error('no transactions');
    await expect(verified({ ...first, statement: { ...first.statement, hash: second.statement.hash } })).rejects.toMatchObject({ name: 'ProofFileError', code: 'wrong-proof', data: { reason: 'not-asked' } });
    await expect(verified({ ...first, steps: first.steps.slice(0, 2) })).rejects.toMatchObject({ name: 'ProofFileError', code: 'wrong-proof', data: { reason: 'wrong-history-root' } });
    const none = { mmrSize: 0, nodes: [], positions: [], history: [] };
    // The first blocks of an epoch have the root of the empty tree.
    const steps: FiledStep[] = [signedStep(makeMacro(genesisLink, { blockNumber: 232 }).block)];
    await expect(verified({ ...first, steps, statement: { ...first.statement, proof: none } })).rejects.toMatchObject({ name: 'ProofFileError', code: 'wrong-proof', data: { reason: 'not-one-entry' } });
  });

  it('everything, once the signal is aborted', async () => {
    const reason = new Error('stop');
    await expect(verified(checkpointFile, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
  });
});

describe('files of earlier releases', () => {
  it.each([1])('of format %i prove what they proved', async (format) => {
    const kept = readKeptProofFiles(format);
    expect(kept.length).toBeGreaterThan(20);
    for (const { name, bytes, verified: before } of kept) {
      const file = decodeProofFile(fromHex(bytes));
      expect([name, plainProof(await verified(file))]).toEqual([name, before]);
      expect(toHex(encodeProofFile(file))).toBe(bytes);
    }
  });
});
