import { describe, expect, it } from 'vitest';
import { recordedNetwork, recordedProofFile } from '../../test/support/stacks-proof-files.ts';
import { recordedProofs } from '../../test/support/stacks-proof-vectors.ts';
import { chainA } from '../../test/support/stacks-vectors.ts';
import { stacksCodes } from '../app/chains/stacks/stacks-codes.ts';
import { checkedProofTexts, checkedStepText } from '../app/proof/checked-proof-texts.ts';
import { MAX_PROOF_FILE_BYTES } from '../chains/stacks/proofs/proof-file.ts';
import { checkStacksProof } from './check-stacks-proof.ts';
import { proofKindOf } from './proof-kinds.ts';

const signers7 = chainA.signer_sets['7']!.map(({ signing_key, weight }) => ({ key: signing_key, weight }));
const checkpointOf7 = { ...recordedNetwork.checkpoint, cycle: 7, burnHeight: 70, signers: signers7 };
const signal = new AbortController().signal;
const file = recordedProofFile('data var counter at tip');
const check = (bytes: Uint8Array, network: unknown = recordedNetwork) => checkStacksProof(bytes, { network, signal });

describe('a state proof of Stacks', () => {
  it('is known by its first bytes', () => {
    expect(proofKindOf(file)).toMatchObject({ chain: 'stacks', maxBytes: MAX_PROOF_FILE_BYTES });
  });

  it('shows key, value and block, what was checked and what no check shows', async () => {
    const proof = await check(file);
    expect(proof).toMatchObject({
      ok: true, chain: 'stacks', assumed: ['checkpoint', 'cycle-by-order', 'confirmation-not-shown', 'bitcoin-anchoring-not-verified'],
      value: [{ name: 'key', text: 'the variable counter of STV500SQBMS2P9JJYCTK6Q55X4N2NCV2GFAHDN1E.store' }, { name: 'value', text: 'u375' }, { name: 'block', text: '124' }, { name: 'hash' }, { name: 'time', text: expect.stringMatching(/^\d{4}-.*Z$/u) }],
    });
    const said = proof.steps.map((step) => checkedStepText(step, stacksCodes)).join(' ');
    expect(said).toMatch(/\d+ of cycle 4, from block.*3 hand-overs, up to cycle 7.*Signers of cycle 7 with weight \d+ of \d+.*by way of \d+ blocks?/u);
    expect(said).not.toMatch(/undefined|It is right/u);
    expect(checkedProofTexts.notProven(proof.value.map(({ name }) => name), proof.assumed).join(' ')).toMatch(/checkpoint.*Bitcoin anchoring/u);
  });

  it('of every kind that was recorded is written in words', async () => {
    const told = new Map<string, string>();
    for (const { name, height } of recordedProofs) {
      if (height !== 124 || told.size > 20) continue;
      const { ok, value } = await check(recordedProofFile(name, 7), { ...recordedNetwork, checkpoint: checkpointOf7 });
      expect([name, ok]).toEqual([name, true]);
      told.set(value[0]!.text.replaceAll(/ST[0-9A-Z]+(?:\.\S+)?/gu, '#'), value[1]!.text);
    }
    expect(told.size).toBeGreaterThan(6);
    expect([...told.values()]).not.toContain('');
  });

  it('is refused at its step, each time with a reason in words', async () => {
    const refused = async (bytes: Uint8Array, network: unknown = recordedNetwork) => {
      const { ok, value, steps } = await check(bytes, network);
      expect([ok, value]).toEqual([false, []]);
      const failed = steps.find(({ state }) => state === 'failed')!;
      const said = checkedStepText(failed, stacksCodes);
      expect(said).toMatch(/^\p{Lu}.*\.$/u);
      expect(said).not.toMatch(/: [a-z0-9-]+$|\b(?:reason|came|cycle):/u);
      return [failed.name, failed.code];
    };
    expect(await refused(file, null)).toEqual(['network', 'unknown-network']);
    expect(await refused(file, {})).toEqual(['network', 'unknown-network']);
    expect(await refused(file.slice(0, 500))).toEqual(['form', 'damaged']);
    expect(await refused(file, { ...recordedNetwork, networkId: 1 })).toEqual(['network', 'other-network']);
    expect(await refused(recordedProofFile('data var counter at tip', 7))).toEqual(['checkpoint', 'checkpoint']);
    const { checkpoint } = recordedNetwork;
    const heavier = { ...checkpoint, signers: checkpoint.signers.map(({ key, weight }, at) => ({ key, weight: weight + (at === 0 ? 1 : 0) })) };
    expect(await refused(file, { ...recordedNetwork, checkpoint: heavier })).toEqual(['checkpoint', 'checkpoint']);
    for (let length = 9; length < 2_000; length += 173) expect(await refused(file.slice(0, length))).toEqual(['form', 'damaged']);
    for (let at = 8; at < file.length; at += 4_001) await refused(file.with(at, file[at]! ^ 1));
    // The value's last digit.
    const last = file.length - 1;
    expect(await refused(file.with(last, file.at(-1) === 0x37 ? 0x38 : 0x37))).toEqual(['state', 'state']);
  });

  it('names the hand-over in which it is wrong', () => {
    const texts = (data: Parameters<typeof checkedStepText>[0]['data']) => checkedStepText({ name: 'hand-overs', state: 'failed', code: 'signers', data }, stacksCodes);
    expect(texts({ reason: 'weight', cycle: 3 })).toBe('The signer set did not certify the block. Its signers have less than 70 % of the weight. This is in the hand-over to cycle 3.');
  });

  it('says that no network file was given', async () => {
    const { steps } = await checkStacksProof(file, { network: undefined, signal });
    expect(steps.map(({ state, code }) => code ?? state)).toEqual(['open', 'unknown-network', 'open', 'open', 'open', 'open', 'open']);
  });
});
