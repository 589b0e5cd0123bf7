import { describe, expect, it } from 'vitest';
import { codesOf, fuzzedWith } from '../../../../test/support/stacks-fuzz.ts';
import { headerOfBlock, marfChain, madeProofs, recordedProofs } from '../../../../test/support/stacks-proof-vectors.ts';
import type { RecordedProof } from '../../../../test/support/stacks-proof-vectors.ts';
import { chainA } from '../../../../test/support/stacks-vectors.ts';
import { longTimeout, runs } from '../../../../test/support/runs.ts';
import { verifyHere } from '../../../../test/support/verify-here.ts';
import { concatBytes, fromHex, toHex } from '../../../base/bytes.ts';
import type { JobResult, Verify } from '../../../crypto/jobs.ts';
import { setOfKeys } from '../chain/signer-set.ts';
import { decodeHeader } from '../wire/header.ts';
import { decodeMarfProof } from '../wire/marf-proof.ts';
import { blocksOfProof } from './marf-segments.ts';
import { decodeProofFile, encodeProofFile, isStacksProofFile } from './proof-file.ts';
import type { StacksProofFile } from './proof-file.ts';
import type { ProofStatement } from './statement.ts';
import { verifyStacksProof } from './verify-proof-file.ts';
import type { ProofNetwork } from './verify-proof-file.ts';

const long = runs(0, 1).numRuns === 1;
const setOf = (cycle: number) => setOfKeys(cycle, chainA.signer_sets[cycle]!.map((it) => ({ key: fromHex(it.signing_key), weight: it.weight })));
const named = (name: string) => recordedProofs.find((proof) => proof.name === name)!;
const statementOf = ({ tip, value, bytes }: RecordedProof): ProofStatement => {
  const proof = decodeMarfProof(bytes);
  return { header: decodeHeader(headerOfBlock(tip)!.bytes), passed: blocksOfProof(proof).map((block) => headerOfBlock(block)!), proof, value };
};
const handOvers = [5, 6, 7].map((cycle) => statementOf(named(`signers cycle ${cycle} at writing block`)));
const fileOf = (name: string, cycle = 7, changed: Partial<StacksProofFile> = {}) =>
  encodeProofFile({ networkId: 0x80000000, checkpoint: setOf(cycle), handOvers: handOvers.slice(cycle - 4), key: named(name).key, statement: statementOf(named(name)), ...changed });
const networkOf = (cycle = 7, changed: Partial<ProofNetwork> = {}): ProofNetwork => ({ networkId: 0x80000000, mainnet: false, checkpoint: { ...setOf(cycle), height: 17 }, ...changed });

/** Recovers each list of signatures once. */
const known = new Map<string, JobResult>();
const verify: Verify = async (job, options) => {
  if (job.kind !== 'secp256k1-recover') return verifyHere(job, options);
  const name = job.signatures.map(({ message, signature }) => toHex(concatBytes(message, signature))).join();
  const result = known.get(name) ?? (await verifyHere(job, options));
  known.set(name, result);
  return result;
};
/** The headers of the chain of invented blocks have zeros in place of the miner's signature: the key of the first signer stands for the miner's. */
const verifyMinerless: Verify = async (job, options) => {
  if (job.kind !== 'secp256k1-recover') return verify(job, options);
  const result = await verify({ ...job, signatures: job.signatures.slice(1) }, options);
  return result.valid && result.keys ? { ...result, keys: [result.keys[0]!, ...result.keys] } : result;
};
const check = (bytes: Uint8Array, network = networkOf()) => verifyStacksProof(bytes, network, { verify });

describe('a proof file', () => {
  it('shows a value from the checkpoint over three hand-overs, with what was checked and what is assumed', async () => {
    const verdict = await check(fileOf('data var counter at tip', 4), networkOf(4));
    const tip = chainA.headers.find(({ height }) => height === 124)!;
    expect(verdict).toEqual({
      ok: true, checked: ['form', 'network', 'checkpoint', 'hand-overs', 'signers', 'state', 'value'], assumed: ['checkpoint', 'cycle-by-order', 'confirmation-not-shown', 'bitcoin-anchoring-not-verified'],
      key: { kind: 'variable', contract: 'STV500SQBMS2P9JJYCTK6Q55X4N2NCV2GFAHDN1E.store', name: 'counter' }, value: { kind: 'variable', value: { type: 'uint', value: 0x177n } },
      block: { height: 124, id: tip.block_id, time: decodeHeader(headerOfBlock(tip.block_id)!.bytes).timestamp, stateRoot: tip.state_index_root },
      cycle: 7, weight: { signed: tip.weight_signed, threshold: tip.threshold, total: expect.any(Number) as number },
      handOvers: [5, 6, 7].map((cycle) => expect.objectContaining({ cycle, signers: chainA.signer_sets[cycle]!.length }) as never),
      path: named('data var counter at tip').hops.map(({ block, root, intermediate }) => ({ block, root, between: intermediate })),
    });
  });

  it('shows every kind of value, by way of blocks of epoch 2.x too', async () => {
    const kinds = new Set<string>();
    for (const { name } of recordedProofs.filter(({ height }) => height === 124)) {
      const verdict = await check(fileOf(name));
      expect(verdict).toMatchObject({ ok: true });
      if (verdict.ok) kinds.add(verdict.value.kind);
    }
    expect([...kinds].toSorted()).toEqual(['asset-owner', 'balance', 'contract', 'map-entry', 'nonce', 'token-balance', 'token-supply', 'variable']);
    expect(await check(fileOf('signers cycle 4 at writing block', 7, { checkpoint: setOf(4) }), networkOf(4))).toMatchObject({ ok: true, handOvers: [] });
  });

  it('takes a hand-over from a later block than the one that wrote it', async () => {
    const later = [statementOf(named('signers cycle 5 one block later')), ...handOvers.slice(1)];
    expect(await check(fileOf('ft gold supply', 4, { handOvers: later }), networkOf(4))).toMatchObject({ ok: true, handOvers: [{ cycle: 5, height: 36 }, { cycle: 6 }, { cycle: 7 }] });
  });

  it('of the chain of invented blocks, over its hand-overs', async () => {
    const of = (height: number, cycle: number) => statementOf(madeProofs.find((proof) => proof.height === height && proof.key.endsWith(cycle.toString(16).padStart(32, '0')))!);
    const checkpoint = setOfKeys(1, marfChain.signer_sets['1']!.map((it) => ({ key: fromHex(it.signing_key), weight: it.weight })));
    const shown = madeProofs.find(({ height, key }) => height === 64 && key.endsWith('2'))!;
    const file = encodeProofFile({ networkId: 0x80000000, checkpoint, handOvers: [of(30, 2)], key: shown.key, statement: statementOf(shown) });
    expect(await verifyStacksProof(file, networkOf(4, { checkpoint: { ...checkpoint, height: 1 } }), { verify: verifyMinerless })).toMatchObject({ ok: true, cycle: 2, value: { kind: 'map-entry' } });
  });

  it('is refused for another network, another or a lighter checkpoint, and below its height', async () => {
    const file = fileOf('ft gold supply');
    expect(await check(file, networkOf(7, { networkId: 1 }))).toMatchObject({ ok: false, code: 'other-network', checked: ['form', 'network'] });
    expect(await check(file, networkOf(6))).toMatchObject({ ok: false, code: 'checkpoint' });
    const lighter = { ...setOf(7), members: setOf(7).members.map((member, i) => (i === 0 ? { ...member, weight: member.weight + 1 } : member)) };
    expect(await check(fileOf('ft gold supply', 7, { checkpoint: lighter }))).toMatchObject({ ok: false, code: 'checkpoint' });
    expect(await check(file, networkOf(7, { checkpoint: { ...setOf(7), height: 125 } }))).toMatchObject({ ok: false, code: 'order', detail: 'height' });
  });

  it('no cycle is left out, taken in another order or from another network', async () => {
    const tip = 'ft gold supply';
    const from4 = (list: readonly ProofStatement[]) => check(fileOf(tip, 4, { handOvers: list }), networkOf(4));
    expect(await from4(handOvers.slice(1))).toMatchObject({ ok: false, cycle: 5 });
    expect(await from4(handOvers.toReversed())).toMatchObject({ ok: false, cycle: 5 });
    expect(await from4([handOvers[0]!, handOvers[0]!])).toMatchObject({ ok: false, code: 'order', cycle: 6 });
    // The set of cycle 4 signed neither of these.
    expect(await from4([])).toMatchObject({ ok: false, code: 'signers' });
    expect(await check(fileOf(tip, 4), networkOf(4, { mainnet: true }))).toMatchObject({ ok: false, code: 'state', detail: 'path', cycle: 5 });
    const statement = statementOf(named(tip));
    expect(await check(fileOf(tip, 7, { statement: { ...statement, header: handOvers[2]!.header } }))).toMatchObject({ ok: false });
    expect(await check(fileOf(tip, 4, { statement: handOvers[2]!, key: named('signers cycle 7 at writing block').key }), networkOf(4))).toMatchObject({ ok: false, code: 'order', detail: 'height' });
  });

  it('needs 70 % of the weight of the set, from its members only', async () => {
    const statement = statementOf(named('ft gold supply'));
    const signedBy = (signerSignatures: readonly Uint8Array[]) => check(fileOf('ft gold supply', 7, { statement: { ...statement, header: { ...statement.header, signerSignatures } } }));
    const signatures = statement.header.signerSignatures;
    expect(await signedBy([])).toMatchObject({ ok: false, code: 'signers', detail: 'weight' });
    expect(await signedBy(signatures.slice(0, 1))).toMatchObject({ ok: false, code: 'signers', detail: 'weight' });
    expect(await signedBy([...signatures.slice(1), signatures[1]!])).toMatchObject({ ok: false, code: 'signers', detail: 'signer-twice' });
    expect(await check(fileOf('ft gold supply', 7, { statement: { ...statement, header: { ...statement.header, version: 0x80 } } }))).toMatchObject({ ok: false, code: 'signers', detail: 'shadow' });
  });

  it('has exactly the headers that the proof passes, and a key and a value that are known', async () => {
    const name = 'contract hash entry';
    const statement = statementOf(named(name));
    for (const passed of [[], statement.passed.slice(1), statement.passed.toReversed(), [...statement.passed, statement.passed[0]!]]) {
      expect(await check(fileOf(name, 7, { statement: { ...statement, passed } }))).toMatchObject({ ok: false, code: 'headers' });
    }
    expect(await check(fileOf(name, 7, { key: named('ft gold supply').key }))).toMatchObject({ ok: false, code: 'state', detail: 'path' });
    expect(await check(fileOf(name, 7, { statement: { ...statement, value: '00' } }))).toMatchObject({ ok: false, code: 'state', detail: 'value' });
    // A key of the state that is of no known kind: it is in the trie, and nothing is said of it.
    const other = madeProofs.find(({ key }) => key === 'burst17')!;
    const cycle = marfChain.headers.find(({ height }) => height === other.height)!.cycle;
    const checkpoint = setOfKeys(cycle, marfChain.signer_sets[cycle]!.map((it) => ({ key: fromHex(it.signing_key), weight: it.weight })));
    const file = encodeProofFile({ networkId: 0x80000000, checkpoint, handOvers: [], key: other.key, statement: statementOf(other) });
    expect(await verifyStacksProof(file, networkOf(4, { checkpoint: { ...checkpoint, height: 1 } }), { verify: verifyMinerless })).toMatchObject({ ok: false, code: 'value', detail: 'key' });
  });

  it('cut or with any byte flipped it is refused with a code', async () => {
    const files = [[fileOf('signers cycle 4 at writing block', 7, { checkpoint: setOf(4) }), networkOf(4)], [fileOf('contract hash entry', 6), networkOf(6)]] as const;
    for (const [bytes, network] of files) {
      expect(await check(bytes, network)).toMatchObject({ ok: true });
      expect(toHex(encodeProofFile(decodeProofFile(bytes)))).toBe(toHex(bytes));
      expect(await check(concatBytes(bytes, Uint8Array.of(0)), network)).toMatchObject({ ok: false, code: 'damaged' });
      for (let length = 0; length < bytes.length; length += long ? 1 : 2999) expect(await check(bytes.slice(0, length), network)).toMatchObject({ ok: false, code: 'damaged' });
      // Everything before the first trie and the end, and a sample of the rest.
      for (let at = 0; at < bytes.length; at += long ? 1 : at < 700 || at > bytes.length - 100 ? 11 : 1579) {
        expect([at, (await check(bytes.with(at, bytes[at]! ^ (1 << (at % 8))), network)).ok]).toEqual([at, false]);
      }
    }
  }, longTimeout);

  it('damaged or random bytes throw nothing but coded errors', async () => {
    const good = fileOf('signers cycle 4 at writing block', 7, { checkpoint: setOf(4) });
    expect(fuzzedWith(decodeProofFile, good, runs(300, 1_000_000).numRuns).has('truncated')).toBe(true);
    expect(codesOf(decodeProofFile, good)).toBeUndefined();
    expect(codesOf(decodeProofFile, good.with(8, 2))).toBe('version');
    expect(await check(new Uint8Array(20))).toMatchObject({ ok: false, code: 'damaged', detail: 'type' });
  }, longTimeout);

  it('is known by its first bytes', () => {
    expect(isStacksProofFile(fileOf('ft gold supply'))).toBe(true);
    expect(isStacksProofFile(new TextEncoder().encode('STXPROOX 1'))).toBe(false);
    expect(isStacksProofFile(new Uint8Array())).toBe(false);
  });
});
