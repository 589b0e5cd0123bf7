// Tests: `test/stacks/checkpoint.test.ts`.
/**
 * Takes a checkpoint from gateways: a confirmed block and the signer set of its cycle. All gateways must say the same, and the set must have signed the
 * block. That the set is the chain's own is what the gateways say: a person who uses the file trusts it.
 * @module
 */
import { fromHex } from '../../src/base/bytes.ts';
import { CodedError } from '../../src/base/coded-error.ts';
import type { Hash } from '../../src/base/hash.ts';
import { cycleOf, type CycleRules } from '../../src/chains/stacks/chain/cycles.ts';
import { blockId } from '../../src/chains/stacks/chain/hash.ts';
import { checkStacksNetwork, type Epoch, type StacksNetwork } from '../../src/chains/stacks/chain/network.ts';
import { type SignedWeight, verifySigners } from '../../src/chains/stacks/chain/signer-rules.ts';
import { setOfKeys } from '../../src/chains/stacks/chain/signer-set.ts';
import type { Gateway } from '../../src/chains/stacks/net/gateway.ts';
import type { NakamotoHeader } from '../../src/chains/stacks/wire/header.ts';
import type { Verify } from '../../src/crypto/jobs.ts';
import { CheckpointError } from './checkpoint-error.ts';

/** Of `/v2/info`: the main network, and all test networks. */
const MAINNET_ID = 1;
const TESTNET_ID = 0x8000_0000;
const bootAddresses: Readonly<Record<number, string>> = { [MAINNET_ID]: 'SP000000000000000000002Q6VF78', [TESTNET_ID]: 'ST000000000000000000002AMW42H' };

export interface AskedGateway {
  readonly gateway: Gateway;
  /** Of `/v2/pox`, which the client itself does not need. */
  readonly epochs: (signal: AbortSignal) => Promise<readonly Epoch[]>;
}

export interface TakenCheckpoint {
  readonly network: StacksNetwork;
  readonly weight: SignedWeight;
}

interface Options {
  /** Default: by the network id. */
  readonly name: string | undefined;
  readonly verify: Verify;
  readonly signal: AbortSignal;
  /** A network for development: the page says so. */
  readonly development: boolean;
}

/** Rejects with `CheckpointError`, with `StacksNetworkError` where the answers make no network, or with the signal's reason. `asked`: at least one. */
export async function takeCheckpoint(asked: readonly AskedGateway[], { name, verify, signal, development }: Options): Promise<TakenCheckpoint> {
  const networkId = await sameOf(asked, 'network id', async (gateway) => (await gateway.info({ signal })).networkId);
  const bootAddress = bootAddresses[networkId];
  if (bootAddress === undefined) throw new CheckpointError('other-network', { networkId });
  const rules = await sameOf(asked, 'cycle constants', async (gateway): Promise<CycleRules> => {
    const { firstBurnHeight, cycleLength, prepareLength } = await gateway.cycles({ signal });
    return { firstBurnHeight, cycleLength, prepareLength };
  });
  const epochs = await sameOf(asked, 'epochs', (_, one) => one.epochs(signal));
  const header = await from(asked[0]!.gateway, confirmedBlock(asked[0]!.gateway, signal));
  const id = blockId(header);
  const same = await sameOf(asked, 'checkpoint', async (gateway) => {
    if ((await gateway.header(id, { signal })) === undefined) throw new CheckpointError('no-answer', { gateway: gateway.url, block: id });
    const burnHeight = (await gateway.sortition({ consensusHash: header.consensusHash }, { signal }))?.burnHeight;
    const signers = burnHeight === undefined ? undefined : await gateway.signerKeys(cycleOf(burnHeight, rules), { signal });
    if (burnHeight === undefined || signers === undefined) throw new CheckpointError('no-answer', { gateway: gateway.url, tenure: header.consensusHash });
    return { burnHeight, signers: signers.map(({ key, weight }) => ({ key, weight })) };
  });
  const cycle = cycleOf(same.burnHeight, rules);
  const set = setOfKeys(cycle, same.signers.map(({ key, weight }) => ({ key: fromHex(key), weight })));
  const signed = await verifySigners(header, set, verify, { signal });
  if (!signed.ok) throw new CheckpointError('not-signed', { rule: signed.code, block: id, cycle });
  const genesisHash = await sameOf(asked, 'first block of Nakamoto', (gateway) => parentOfFirst(gateway, header.chainLength, signal));
  const network = checkStacksNetwork({
    chain: 'stacks', name: name ?? (networkId === MAINNET_ID ? 'stacks-mainnet' : 'stacks-testnet'), genesisHash, networkId, bootAddress, ...rules, epochs,
    checkpoint: { cycle, ...same, block: { id, height: header.chainLength, time: header.timestamp } },
    gateways: asked.map(({ gateway }) => gateway.url),
    ...(development ? { development } : {}),
  });
  return { network, weight: signed.weight };
}

/** The newest block that is confirmed as this gateway has the chain: the parent of the first block of the tenure before the newest one. */
async function confirmedBlock(gateway: Gateway, signal: AbortSignal): Promise<NakamotoHeader> {
  const { parentTenureStartBlockId } = await gateway.tenureInfo({ signal });
  const start = await gateway.header(parentTenureStartBlockId, { signal });
  const confirmed = start && (await gateway.header(start.value.parentBlockId, { signal }));
  if (!confirmed) throw new CheckpointError('too-young', { gateway: gateway.url });
  return confirmed.value;
}

/** The id of the parent of the first Nakamoto block, which names the network. Heights below it have no Nakamoto block. */
async function parentOfFirst(gateway: Gateway, known: number, signal: AbortSignal): Promise<Hash> {
  let [below, at] = [0, known];
  let first: NakamotoHeader | undefined;
  while (at - below > 1) {
    const middle = Math.floor((at + below) / 2);
    const header = await gateway.headerAt(middle, { signal });
    if (header) [at, first] = [middle, header.value];
    else below = middle;
  }
  first ??= (await gateway.headerAt(at, { signal }))?.value;
  if (!first) throw new CheckpointError('no-answer', { gateway: gateway.url, height: at });
  return first.parentBlockId;
}

/** Names the gateway in what a request to it fails with. */
async function from<Value>(gateway: Gateway, answer: Promise<Value>): Promise<Value> {
  try {
    return await answer;
  } catch (error) {
    if (!(error instanceof CodedError) || error instanceof CheckpointError) throw error;
    throw new CheckpointError('failed', { gateway: gateway.url, failed: error.code, what: error.message });
  }
}

/** What all say; rejects with `differ` if one says something else than the first. */
async function sameOf<Value>(asked: readonly AskedGateway[], what: string, ask: (gateway: Gateway, one: AskedGateway) => Promise<Value>): Promise<Value> {
  const answers = await Promise.all(asked.map((one) => from(one.gateway, ask(one.gateway, one))));
  const other = answers.findIndex((answer) => JSON.stringify(answer) !== JSON.stringify(answers[0]));
  if (other >= 0) throw new CheckpointError('differ', { what, gateway: asked[0]!.gateway.url, other: asked[other]!.gateway.url });
  return answers[0]!;
}
