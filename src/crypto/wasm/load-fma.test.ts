import { describe, expect, it, vi } from 'vitest';
import { fq3 } from '../mnt6/fq3.ts';
import { loadFma, pairingDigest } from './load-fma.ts';
import type { WebAssemblyLike } from './load-fma.ts';

/** An engine that differs from the real one in a part, and in its module's functions. */
function engine(parts: Partial<WebAssemblyLike>, exports: Record<string, unknown> = {}): WebAssemblyLike {
  class Instance {
    readonly exports: WebAssembly.Exports;
    constructor(module: WebAssembly.Module) {
      this.exports = { ...new WebAssembly.Instance(module).exports, ...(exports as WebAssembly.Exports) };
    }
  }
  return { validate: WebAssembly.validate, Module: WebAssembly.Module, Instance, ...parts } as WebAssemblyLike;
}

describe('the gate', () => {
  it('opens in the engine that runs the tests: it has fused multiply-add, without which the tests would prove nothing', () => {
    const { loaded, refused } = loadFma();
    expect(refused).toBeUndefined();
    expect(loaded!.field.name).toBe('wasm');
    expect(pairingDigest(loaded!.field)).toBe(pairingDigest(fq3));
  });

  it('gives the reason why it stays closed', () => {
    const refuses = (wasm: WebAssemblyLike) => loadFma(wasm).refused;
    const forbidden = vi.fn<() => never>(function forbidden() {
      throw new WebAssembly.CompileError("Refused to compile: 'wasm-unsafe-eval' is not allowed");
    });
    vi.stubGlobal('WebAssembly', undefined);
    expect(loadFma()).toEqual({ refused: 'no-wasm' });
    vi.unstubAllGlobals();
    expect(refuses(engine({ validate: forbidden }))).toBe('no-wasm');
    expect(refuses(engine({ validate: () => false }))).toBe('no-relaxed-simd');
    expect(refuses(engine({ Module: forbidden as unknown as typeof WebAssembly.Module }))).toBe('csp');
    expect(refuses(engine({}, { multiplyAdd: (a: number, b: number, c: number) => a * b + c }))).toBe('not-fused');
    expect(refuses(engine({}, { multiplyAdd: undefined }))).toBe('wrong-answer');
    expect(refuses(engine({}, { square: () => undefined }))).toBe('wrong-answer');
    expect(refuses(engine({}, { blake2s: () => undefined }))).toBe('wrong-answer');
    expect(refuses(engine({}, { multiplyByLine: forbidden }))).toBe('wrong-answer');
    expect(refuses(engine({}))).toBeUndefined();
  });
});
