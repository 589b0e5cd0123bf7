import { afterAll, beforeAll, expect } from 'vitest';
import type { FaultSettings, StacksFault } from '../../../devnet/stacks/stacks-faults.ts';
import type { StacksNet } from '../../../devnet/stacks/stacks-net.ts';
import { RequestSlots } from '../../../src/network/request-slots.ts';
import { follow, serve } from './stacks-client.ts';

/** Faults for which a gateway is banned, with the code: a lie, or offences. */
export const BANNED = [
  ['weight-69', 'weight'],
  ['stranger', 'signer-stranger'],
  ['duplicate', 'signer-twice'],
  ['wrong-order', 'signer-order'],
  ['altered-proof', 'false-state'],
  ['altered-value', 'false-state'],
  ['hole', 'block-id'],
  ['foreign-block', 'block-id'],
  ['wrong-id', 'block-id'],
  ['html', 'malformed'],
  ['endless', 'too-large'],
] as const;
/** Faults with which the head can be followed all the same. */
export const FOLLOWED = ['no-index', 'wrong-transaction', 'altered-epoch2', 'altered-epoch2-block', 'quota', 'stale'] as const;
/** Faults for which a gateway is only of no use, with the reason that a client tells which has no other. */
export const USELESS = [
  ['no-proofs', 'no-agreement'],
  ['no-pox', 'no-peers'],
  ['gateway-down', 'no-peers'],
  ['rate-limited', 'no-peers'],
  ['slow', 'slow-line'],
  ['empty', 'no-peers'],
] as const;
/** What the signers of a cycle have signed, too, or what changes nothing. */
export const SIGNED = ['wrong-count', 'other-fork', 'forged-set'] as const;
const FAULTS: readonly StacksFault[] = [...BANNED.map(([fault]) => fault), ...FOLLOWED, ...USELESS.map(([fault]) => fault)];
const SETTINGS: Partial<Record<StacksFault, FaultSettings>> = { quota: { requests: 40, seconds: 1 } };
/** Milliseconds by which honest gateways are slower, so that the other one is believed first if it is believed at all. */
export const LATER = 15;

/** Clients at once: each verifies signatures in this process, and its requests have deadlines. */
const AT_ONCE = 2;

/** A network with one gateway for each fault, and two honest ones at the end, for all tests of a file. */
export function faultyGateways() {
  let net: StacksNet;
  const slots = new RequestSlots(AT_ONCE);
  beforeAll(async () => {
    net = await serve({ gateways: FAULTS.length + 2 });
    // Answers with a tenure are of several blocks.
    net.produceTenures(3, 5);
    for (const [i, fault] of FAULTS.entries()) net.fault(i, fault, SETTINGS[fault]);
    for (const i of [FAULTS.length, FAULTS.length + 1]) net.fault(i, 'slow', { delay: LATER });
  });
  afterAll(() => net.close());
  return {
    net: () => net,
    indexOf: (fault: StacksFault) => FAULTS.indexOf(fault),
    urlOf: (fault: StacksFault) => net.gateways[FAULTS.indexOf(fault)]!.url,
    honest: () => net.gateways.slice(-2).map(({ url }) => url),
    /** Runs with a client of these gateways, and checks that it never told a block that is not of the chain. */
    async withClient(gateways: readonly string[], work: (started: Awaited<ReturnType<typeof follow>>) => Promise<void>): Promise<void> {
      await slots.run(async () => {
        const started = await follow({ ...net.network, gateways });
        try {
          await work(started);
          const view = net.viewOf(net.gateways.length - 1);
          const told = started.told.heads.flatMap(({ head, adopted }) => [head.latest, head.final, ...adopted]);
          expect(told.filter(({ height, hash }) => view.at(height)?.id !== hash)).toEqual([]);
        } finally {
          await started.client.close();
        }
      }, new AbortController().signal);
    },
  };
}
