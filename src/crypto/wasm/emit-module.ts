/**
 * Generates the module's bytes. The app contains them as `module-bytes.ts`, which `npm run generate:wasm` writes; a test compares both.
 * @module
 */
import { ModuleBuilder } from './assembler.ts';
import { addBlake2sKernel, blake2sTables } from './blake2s-kernel.ts';
import { addFieldKernel } from './field-kernel.ts';
import { ARENA_START, MAX_PAGES } from './field-layout.ts';
import { fieldTables } from './kernel-parts.ts';

/** Bytes of a page of WebAssembly's memory. */
const PAGE = 65_536;

export function emitModule(): Uint8Array {
  const module = new ModuleBuilder();
  addFieldKernel(module);
  addBlake2sKernel(module);
  const [first, second] = [blake2sTables(), fieldTables()];
  const data = new Uint8Array(second.address - first.address + second.bytes.length);
  data.set(first.bytes);
  data.set(second.bytes, second.address - first.address);
  return module.encode({ pages: ARENA_START / PAGE, maxPages: MAX_PAGES, data, dataAt: first.address });
}
