import { afterAll, beforeAll, expect } from 'vitest';
import type { FaultSettings, StacksFault } from '../../../devnet/stacks/stacks-faults.ts';
import type { StacksNet } from '../../../devnet/stacks/stacks-net.ts';
import { follow, serve } from './stacks-client.ts';

/** A lie, or offences, for which the gateway is banned. */
interface Ban {
  readonly code: string;
}
/** It is left alone; `alone`: what a client says that has no other. */
interface Harmless {
  readonly alone: 'works' | { readonly reason: string; readonly dial?: string };
}
type Verdict = Ban | Harmless;

/** What comes of a gateway with each fault. Those which the signers themselves have signed are below. */
export const VERDICTS: Readonly<Record<Exclude<StacksFault, 'wrong-count' | 'other-fork' | 'forged-set'>, Verdict & { readonly settings?: FaultSettings }>> = {
  'weight-69': { code: 'weight' },
  stranger: { code: 'signer-stranger' },
  duplicate: { code: 'signer-twice' },
  'wrong-order': { code: 'signer-order' },
  'altered-proof': { code: 'false-state' },
  'altered-value': { code: 'false-state' },
  hole: { code: 'block-id' },
  'foreign-block': { code: 'block-id' },
  'wrong-id': { code: 'block-id' },
  html: { code: 'malformed' },
  endless: { code: 'too-large' },
  'no-proofs': { alone: { reason: 'no-agreement' } },
  'no-index': { alone: 'works' },
  'wrong-transaction': { alone: 'works' },
  'no-pox': { alone: { reason: 'no-peers', dial: 'refused' } },
  'gateway-down': { alone: { reason: 'no-peers', dial: 'disconnected' } },
  'rate-limited': { alone: { reason: 'no-peers', dial: 'rate-limited' } },
  quota: { alone: 'works', settings: { requests: 40, seconds: 1 } },
  slow: { alone: { reason: 'slow-line' } },
  stale: { alone: 'works' },
  empty: { alone: { reason: 'no-peers', dial: 'refused' } },
};
export const FAULTS = Object.keys(VERDICTS) as (keyof typeof VERDICTS)[];
/** Milliseconds by which honest gateways are slower, so that the other one is believed first if it is believed at all. */
export const LATER = 15;

/** A network with one gateway for each fault, and two honest ones at the end, for all tests of a file. */
export function faultyGateways() {
  let net: StacksNet;
  beforeAll(async () => {
    net = await serve({ gateways: FAULTS.length + 2 });
    // Answers with a tenure are of several blocks.
    net.produceTenures(3, 5);
    for (const [i, fault] of FAULTS.entries()) net.fault(i, fault, VERDICTS[fault].settings);
    for (const i of [FAULTS.length, FAULTS.length + 1]) net.fault(i, 'slow', { delay: LATER });
  });
  afterAll(() => net.close());
  return {
    net: () => net,
    urlOf: (index: number) => net.gateways.at(index)!.url,
    /** Runs with a client of these gateways, and checks that it never told a block that is not of the chain. */
    async withClient(gateways: readonly string[], work: (started: Awaited<ReturnType<typeof follow>>) => Promise<void>): Promise<void> {
      const started = await follow({ ...net.network, gateways });
      try {
        await work(started);
        const view = net.viewOf(net.gateways.length - 1);
        const told = started.told.heads.flatMap(({ head, adopted }) => [head.latest, head.final, ...adopted]);
        expect(told.filter(({ height, hash }) => view.at(height)?.id !== hash)).toEqual([]);
      } finally {
        await started.client.close();
      }
    },
  };
}
