/**
 * What the module offers. Elements are addresses; `out` comes first and must be none of the arguments.
 * @module
 */
export interface FmaExports {
  readonly memory: WebAssembly.Memory;
  multiply(out: number, a: number, b: number): void;
  square(out: number, a: number): void;
  /** a b - c d. */
  differenceOfProducts(out: number, a: number, b: number, c: number, d: number): void;
  /** Coefficient by coefficient: three products in Fq. */
  multiplyCoefficients(out: number, a: number, b: number): void;
  /** Only the first two coefficients; the third is left unchanged. */
  multiplyPair(out: number, a: number, b: number): void;
  squarePair(out: number, a: number): void;
  /** a times the first coefficient of b. */
  multiplyByFq(out: number, a: number, b: number): void;
  /** f a + g b for integers |f| + |g| <= 4. */
  combine(out: number, a: number, b: number, f: number, g: number): void;
  /** f a for an integer |f| <= 512. */
  scale(out: number, a: number, f: number): void;
  multiplyByU(out: number, a: number): void;
  /** One if equal, else zero. */
  equals(a: number, b: number): number;
  multiplyFq6(out0: number, out1: number, a0: number, a1: number, b0: number, b1: number): void;
  squareFq6(out0: number, out1: number, a0: number, a1: number): void;
  squareNormOne(out0: number, out1: number, a0: number, a1: number): void;
  /** a0² - u a1². */
  normFq6(out: number, a0: number, a1: number): void;
  multiplyByLine(out0: number, out1: number, f0: number, f1: number, k0: number, k1: number, k2: number, inverseY: number, xOverY: number): void;
  /** a b + c, computed in the same way as in all functions above. */
  multiplyAdd(a: number, b: number, c: number): number;
  /** The 32-byte digest of a message. Zeros must follow the message up to a multiple of 64 bytes, and at least up to one block. */
  blake2s(out: number, message: number, length: number): void;
}
