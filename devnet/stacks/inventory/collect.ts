/**
 * Asks peers for their inventories and says what each answers.
 * Tests: `devnet/stacks/inventory/inventory-command.test.ts`.
 * @module
 */
import { sleep } from '../../../src/base/clock.ts';
import { toHex } from '../../../src/base/bytes.ts';
import { systemClock, systemRandom } from '../../../src/base/system.ts';
import { cycleOf, firstHeightOf } from '../../../src/chains/stacks/chain/cycles.ts';
import { nakamotoHeight, type StacksNetwork } from '../../../src/chains/stacks/chain/network.ts';
import { InventorySync } from '../../../src/chains/stacks/net/inventory-sync.ts';
import { openPeerConnection, type PeerConnection } from '../../../src/chains/stacks/net/peer-connection.ts';
import { bitOf, bitsOf } from '../../../src/chains/stacks/wire/bit-vector.ts';
import type { PeerMessage } from '../../../src/chains/stacks/wire/peer-message.ts';
import { finish } from '../../../src/crypto/finish.ts';
import type { Verify } from '../../../src/crypto/jobs.ts';
import { runJob } from '../../../src/crypto/run-job.ts';
import { recoverableSigner } from '../../../src/crypto/secp256k1-sign.ts';
import { stepsOf } from '../../../src/crypto/steps-of.ts';
import { connectTcp } from '../tcp-stream.ts';
import { askGateway, type GatewayView } from './ask-gateway.ts';
import type { InventoryOptions } from './options.ts';

/** Milliseconds for all cycles of a peer: some forty questions, each answered in well under a second. */
const COLLECT_TIME = 120_000;
const LOOK_TIME = 20;

const verify: Verify = async (job) => finish(await stepsOf(job, runJob));
const textOf = (bits: readonly boolean[]): string => bits.map(Number).join('') || 'nothing';

interface Context {
  readonly view: GatewayView;
  readonly network: StacksNetwork;
  readonly firstNakamotoHeight: number;
}

interface Collected {
  /** What the peers say, each peer's lines together. A peer that fails has a line, too. */
  readonly lines: readonly string[];
  /** With how many peers a handshake was made. */
  readonly reached: number;
}

/** Asks all peers. Rejects with `GatewayError` without a view of Bitcoin. */
export async function collectInventories(options: Omit<InventoryOptions, 'network'>, network: StacksNetwork): Promise<Collected> {
  const firstNakamotoHeight = nakamotoHeight(network.epochs)!;
  const gateway = options.gateway ?? network.gateways[0]!;
  const { cycle } = options;
  const told = await askGateway(gateway, network.networkId, network, cycle ?? cycleOf(firstNakamotoHeight, network), cycle);
  const view = options.peerVersion === undefined ? told : { ...told, network: { ...told.network, peerVersion: options.peerVersion } };
  const context = { view, network, firstNakamotoHeight };
  const asked = await Promise.all(options.peers.map((peer) => linesOf(`${peer.host}:${peer.port}`, peer, cycle, context)));
  return { lines: [`${network.name} at Bitcoin height ${view.burnView.burnHeight}, as ${gateway} says`, ...asked.flatMap(({ lines }) => lines)], reached: asked.filter(({ reached }) => reached).length };
}

async function linesOf(name: string, { host, port }: InventoryOptions['peers'][number], cycle: number | undefined, context: Context): Promise<{ readonly lines: readonly string[]; readonly reached: boolean }> {
  const { network, burnView, nodeKey } = context.view;
  const firstSequence = new DataView(systemRandom.bytes(4).buffer).getUint32(0);
  let connection: PeerConnection | undefined;
  try {
    const stream = await connectTcp(host, port);
    connection = await openPeerConnection({ stream, clock: systemClock, verify, signer: recoverableSigner(systemRandom.bytes(32)), network, burnView: () => burnView, firstSequence });
    const { publicKey, services, dataUrl } = connection.peer;
    const key = toHex(publicKey);
    const head = `${name}: key ${key}${key === nodeKey ? ' (the gateway\'s node)' : ''}, height ${connection.burnHeight}, services ${services}, ${dataUrl || 'no HTTP'}`;
    return { lines: [head, ...(cycle === undefined ? await allCycles(name, connection, context) : await oneCycle(cycle, connection, context))], reached: true };
  } catch (error) {
    return { lines: [`${name}: ${(error as Error).message}`], reached: connection !== undefined };
  } finally {
    connection?.close();
  }
}

/** By the machine that a client runs. */
async function allCycles(name: string, connection: PeerConnection, { view, network, firstNakamotoHeight }: Context): Promise<readonly string[]> {
  const { burnHeight } = view.burnView;
  let end = '';
  const sync = new InventorySync({
    clock: systemClock, rules: network, firstNakamotoHeight,
    view: { burnHeight, consensusHash: view.consensusHash, stacksTip: { burnHeight, isNakamotoBlock: true }, isInitialDownload: false, askedHash: view.askedHash, hasAnchor: () => false },
    onGone: (_, reason) => (end = `  disconnected: ${reason.message}`),
  });
  try {
    sync.add(name, connection, { isBootstrap: true });
    const last = cycleOf(burnHeight - 1, network);
    const tenures = sync.inventories()[0]?.tenures;
    for (let waited = 0; waited < COLLECT_TIME && sync.isAsking(name) && !tenures?.bits(last).length; waited += LOOK_TIME) await sleep(systemClock, LOOK_TIME);
    const cycles = Array.from({ length: last - cycleOf(firstNakamotoHeight, network) + 1 }, (_, i) => cycleOf(firstNakamotoHeight, network) + i);
    return [...cycles.map((cycle) => `  cycle ${cycle}, heights from ${firstHeightOf(cycle, network)}: ${textOf(tenures?.bits(cycle) ?? [])}`), ...(end ? [end] : [])];
  } finally {
    sync.stop();
  }
}

async function oneCycle(cycle: number, connection: PeerConnection, { view, network, firstNakamotoHeight }: Context): Promise<readonly string[]> {
  const consensusHash = view.askedHash(cycle);
  if (consensusHash === undefined) return [`  cycle ${cycle}: it has not begun`];
  const first = firstHeightOf(cycle, network);
  const asked = async (message: PeerMessage) => (await connection.request(message)).message;
  const lines: string[] = [];
  if (cycle <= cycleOf(firstNakamotoHeight, network)) {
    const pox = await asked({ kind: 'GetPoxInv', consensusHash, count: 1 });
    lines.push(`  cycle ${cycle}, anchor block: ${pox.kind === 'PoxInv' ? (bitOf(pox.pox, 0) ? 'known, or known to be absent' : 'not known') : refusal(pox)}`);
    const blocks = await asked({ kind: 'GetBlocksInv', consensusHash, count: network.cycleLength });
    lines.push(`  cycle ${cycle}, blocks of epoch 2.x, heights from ${first + 1}: ${blocks.kind === 'BlocksInv' ? textOf(bitsOf({ length: blocks.length, bytes: blocks.blocks })) : refusal(blocks)}`);
  }
  if (cycle >= cycleOf(firstNakamotoHeight, network)) {
    const tenures = await asked({ kind: 'GetNakamotoInv', consensusHash });
    lines.push(`  cycle ${cycle}, tenures, heights from ${first}: ${tenures.kind === 'NakamotoInv' ? textOf(bitsOf(tenures.tenures)) : refusal(tenures)}`);
  }
  return lines;
}

/** What is no inventory is a Nack: the connection lets nothing else through. */
function refusal(message: PeerMessage): string {
  return message.kind === 'Nack' ? `refused with Nack ${message.code}` : message.kind;
}
