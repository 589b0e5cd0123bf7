/**
 * Encodes WebAssembly modules as bytes, only as far as needed: one exported memory, one data segment, and functions whose bodies are made
 * of `instructions.ts`. Used when the module is generated, never in the app.
 * @module
 */

/** Encoded instructions. */
export type Code = readonly number[];

export const I32 = 0x7f;
export const F64 = 0x7c;
export const V128 = 0x7b;
export type ValueType = typeof I32 | typeof F64 | typeof V128;

/** A function under construction: parameters first, locals after them, as WebAssembly counts them. */
export class FunctionBuilder {
  readonly params: readonly ValueType[];
  readonly results: readonly ValueType[];
  readonly index: number;
  readonly #locals: ValueType[] = [];
  #body: Code = [];

  constructor(index: number, params: readonly ValueType[], results: readonly ValueType[]) {
    this.index = index;
    this.params = params;
    this.results = results;
  }

  /** The index of a new local. */
  local(type: ValueType): number {
    return this.params.length + this.#locals.push(type) - 1;
  }

  body(...code: readonly Code[]): void {
    this.#body = code.flat();
  }

  encode(): number[] {
    const locals = this.#locals.map((type) => [1, type]);
    const body = [...vector(locals), ...this.#body, 0x0b];
    return [...unsigned(body.length), ...body];
  }
}

export class ModuleBuilder {
  readonly #functions: FunctionBuilder[] = [];
  readonly #exports: { readonly name: string; readonly index: number }[] = [];

  /** Adds a function; it is exported if it has a `name`. */
  function(params: readonly ValueType[], results: readonly ValueType[] = [], name?: string): FunctionBuilder {
    const builder = new FunctionBuilder(this.#functions.length, params, results);
    this.#functions.push(builder);
    if (name) this.#exports.push({ name, index: builder.index });
    return builder;
  }

  /** `pages`: 64 kB each, initially; `maxPages`: the maximum. `data` is placed at `dataAt` in the memory, which is exported as `memory`. */
  encode({ pages, maxPages, data, dataAt }: { pages: number; maxPages: number; data: Uint8Array; dataAt: number }): Uint8Array {
    const types = this.#functions.map(({ params, results }) => [0x60, ...vector(params.map((t) => [t])), ...vector(results.map((t) => [t]))]);
    const distinct = [...new Map(types.map((type) => [type.join(), type])).values()];
    const typeIndex = (type: readonly number[]) => distinct.findIndex((other) => other.join() === type.join());
    const exported = [[...text('memory'), 0x02, 0x00], ...this.#exports.map(({ name, index }) => [...text(name), 0x00, ...unsigned(index)])];
    const magicAndVersion = [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00];
    return Uint8Array.from([
      ...magicAndVersion,
      ...section(1, vector(distinct)),
      ...section(3, vector(types.map((type) => unsigned(typeIndex(type))))),
      ...section(5, vector([[0x01, ...unsigned(pages), ...unsigned(maxPages)]])),
      ...section(7, vector(exported)),
      ...section(10, vector(this.#functions.map((builder) => builder.encode()))),
      ...section(11, vector([[0x00, 0x41, ...signed(dataAt), 0x0b, ...unsigned(data.length), ...data]])),
    ]);
  }
}

/** LEB128 of an unsigned integer below 2^32. */
export function unsigned(value: number): number[] {
  const bytes: number[] = [];
  for (let rest = value; ; rest = Math.floor(rest / 128)) {
    if (rest < 128) return [...bytes, rest];
    bytes.push((rest % 128) | 0x80);
  }
}

/** LEB128 of a signed 32-bit integer. */
export function signed(value: number): number[] {
  const bytes: number[] = [];
  for (let rest = value; ; rest >>= 7) {
    const low = rest & 0x7f;
    if (rest >> 6 === 0 || rest >> 6 === -1) return [...bytes, low];
    bytes.push(low | 0x80);
  }
}

function vector(items: readonly (readonly number[])[]): number[] {
  return [...unsigned(items.length), ...items.flat()];
}

function section(id: number, content: readonly number[]): number[] {
  return [id, ...unsigned(content.length), ...content];
}

function text(value: string): number[] {
  const bytes = [...new TextEncoder().encode(value)];
  return [...unsigned(bytes.length), ...bytes];
}
