/**
 * Gateways that serve the answers of a recorded node, and nothing else: files `rpc-a.json`, `chain-a.json`, `proofs-a.json` and `epoch2-headers.json` of
 * `test/vectors/stacks`. The chain does not go on.
 * @module
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { inflateRawSync } from 'node:zlib';
import type { StacksNetwork } from '../../src/chains/stacks/chain/network.ts';
import { decodeHeader } from '../../src/chains/stacks/wire/header.ts';
import { OptionsError } from '../options.ts';
import { json, octets, plain, type GatewayAnswer } from './answer.ts';
import { BOOT_ADDRESS } from './dev-state.ts';
import { NETWORK_ID } from './answer-bitcoin.ts';

interface RecordedReply {
  readonly status: number;
  readonly content_type?: GatewayAnswer['type'];
  readonly json?: unknown;
  readonly text?: string;
  readonly body_b64?: string;
}

interface Files {
  readonly rpc: { readonly replies: Readonly<Record<string, RecordedReply>> };
  readonly chain: {
    readonly first_block_height: number;
    readonly pox: { readonly cycle: number; readonly prepare: number };
    readonly signer_sets: Readonly<Record<string, readonly { readonly signing_key: string; readonly weight: number }[]>>;
    readonly headers: readonly { readonly height: number; readonly burn_height: number; readonly cycle: number; readonly block_id: string; readonly parent_block_id: string; readonly header_b64: string }[];
    readonly blocks: readonly { readonly height: number; readonly block_id: string; readonly block_b64: string; readonly txids: readonly string[] }[];
  };
  readonly proofs: { readonly proofs: readonly { readonly path: string; readonly tip: string; readonly data: string; readonly proof_deflated: string }[] };
  readonly older: { readonly headers2x: readonly { readonly id: string; readonly ch: string; readonly header: string; readonly parent_block_id: string }[] };
}

/** Bitcoin heights of the recorded chain (Stacks reference, 12). */
const EPOCHS = [{ id: '2.5', startHeight: 0 }, { id: '3.0', startHeight: 42 }] as const;
/** The first cycle whose set signed blocks. */
const FIRST_CYCLE = 4;

export interface Replay {
  readonly tip: { readonly height: number; readonly id: string };
  readonly answer: (path: string) => GatewayAnswer;
  /** Parameters of the recorded chain, with a checkpoint in its first cycle of Nakamoto. */
  readonly networkOf: (gateways: readonly string[]) => StacksNetwork;
}

/** Throws `OptionsError` if a file cannot be read. */
export function loadReplay(folder: string): Replay {
  const files = readFiles(folder);
  const answers = answersOf(files);
  const { height, block_id: id } = files.chain.headers.reduce((best, it) => (it.height > best.height ? it : best));
  return { tip: { height, id }, answer: (path) => answers.get(path) ?? plain(404, `${path} was not recorded`), networkOf: (gateways) => networkOf(files, gateways) };
}

function readFiles(folder: string): Files {
  const read = (name: string): unknown => {
    try {
      return JSON.parse(readFileSync(join(folder, `${name}.json`), 'utf8'));
    } catch (error) {
      throw new OptionsError('bad-value', `--replay ${folder}: ${name}.json cannot be read: ${(error as Error).message}`);
    }
  };
  return { rpc: read('rpc-a'), chain: read('chain-a'), proofs: read('proofs-a'), older: read('epoch2-headers') } as Files;
}

const fromBase64 = (text: string) => new Uint8Array(Buffer.from(text, 'base64'));

/** By path with query. What was recorded over HTTP goes first; the node's failure at `/v2/pox` gives way to the chain's constants. */
function answersOf({ rpc, chain, proofs, older }: Files): ReadonlyMap<string, GatewayAnswer> {
  const answers = new Map<string, GatewayAnswer>();
  const full = new Set(chain.blocks.map(({ block_id: id }) => id));
  // Of blocks whose transactions were not recorded the body ends after the header.
  const bodies = [...chain.headers.filter(({ block_id: id }) => !full.has(id)).map((it) => ({ ...it, bytes: it.header_b64 })), ...chain.blocks.map((it) => ({ ...it, bytes: it.block_b64 }))];
  for (const { block_id: id, height, bytes } of bodies) for (const path of [`/v3/blocks/${id}`, `/v3/blocks/height/${height}`]) answers.set(path, octets(fromBase64(bytes)));
  for (const { block_id: id, txids } of chain.blocks) for (const txid of txids) answers.set(`/v3/transaction/${txid}`, json({ index_block_hash: id, is_canonical: true }));
  for (const { id, ch, header, parent_block_id: parent } of older.headers2x) answers.set(`/v2/headers/1?tip=${id}`, json([{ consensus_hash: ch, header, parent_block_id: parent }]));
  for (const { path, tip, data, proof_deflated: proof } of proofs.proofs) {
    answers.set(`/v2/clarity/marf/${path}?proof=1&tip=${tip}`, json({ data, proof: `0x${inflateRawSync(Buffer.from(proof, 'base64')).toString('hex')}` }));
    answers.set(`/v2/clarity/marf/${path}?proof=0&tip=${tip}`, json({ data }));
  }
  for (const [path, reply] of Object.entries(rpc.replies)) if (reply.status === 200 || !answers.has(path)) answers.set(path, answerOf(reply));
  const { first_block_height: first, pox } = chain;
  answers.set('/v2/pox', json({ first_burnchain_block_height: first, reward_cycle_length: pox.cycle, prepare_phase_block_length: pox.prepare }));
  return answers;
}

function answerOf({ status, content_type: type = 'application/json', json: value, text, body_b64: body }: RecordedReply): GatewayAnswer {
  return { status, type, body: body === undefined ? (text ?? JSON.stringify(value)) : fromBase64(body) };
}

function networkOf({ chain }: Files, gateways: readonly string[]): StacksNetwork {
  const headers = chain.headers.toSorted((a, b) => a.height - b.height);
  const first = headers[0]!;
  const { timestamp } = decodeHeader(fromBase64(first.header_b64));
  return {
    chain: 'stacks', name: `stacks-recorded-${first.parent_block_id.slice(0, 8)}`, genesisHash: first.parent_block_id, networkId: NETWORK_ID, bootAddress: BOOT_ADDRESS,
    firstBurnHeight: chain.first_block_height, cycleLength: chain.pox.cycle, prepareLength: chain.pox.prepare, epochs: EPOCHS,
    checkpoint: {
      cycle: FIRST_CYCLE, burnHeight: first.burn_height, signers: chain.signer_sets[FIRST_CYCLE]!.map(({ signing_key: key, weight }) => ({ key, weight })),
      block: { id: first.block_id, height: first.height, time: timestamp },
    },
    gateways, development: true,
  };
}
