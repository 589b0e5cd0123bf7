import { describe, expect, it } from 'vitest';
import { providesServices, serviceNames, services } from './services.ts';

describe('services', () => {
  it("have the network's values", () => {
    // A history node with an index for light clients (interop reference, section 4).
    expect(
      services.fullBlocks + services.history + services.accountsProof + services.accountsChunks + services.mempool + services.transactionIndex +
        services.preGenesisTransactions,
    ).toBe(379);
    expect(services.validator).toBe(128);
  });

  it('are compared as sets', () => {
    expect(providesServices(9, 8)).toBe(true);
    expect(providesServices(1, 8)).toBe(false);
    expect(providesServices(0, 0)).toBe(true);
    expect(providesServices(0xffff_ffff, 0x8000_0008)).toBe(true);
    expect(providesServices(8, 0x8000_0008)).toBe(false);
  });

  it('have names', () => {
    expect(serviceNames(9)).toEqual(['fullBlocks', 'accountsProof']);
    expect(serviceNames(4)).toEqual([]);
  });
});
