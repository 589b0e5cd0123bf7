/**
 * The module as bytes, made anew. The app carries them as `module-bytes.ts`, which `npm run generate:wasm` writes and a test compares.
 * @module
 */
import { ModuleBuilder } from './assembler.ts';
import { addBlake2sKernel, BLAKE2S_DATA_AT, blake2sTables } from './blake2s-kernel.ts';
import { addFieldKernel } from './field-kernel.ts';
import { ARENA_START, MAX_PAGES } from './field-layout.ts';
import { fieldTables, TABLES } from './kernel-parts.ts';

/** Bytes of a page of WebAssembly's memory. */
const PAGE = 65_536;

export function emitModule(): Uint8Array {
  const module = new ModuleBuilder();
  addFieldKernel(module);
  addBlake2sKernel(module);
  const data = new Uint8Array(TABLES - BLAKE2S_DATA_AT + fieldTables().length);
  data.set(blake2sTables());
  data.set(fieldTables(), TABLES - BLAKE2S_DATA_AT);
  return module.encode({ pages: ARENA_START / PAGE, maxPages: MAX_PAGES, data, dataAt: BLAKE2S_DATA_AT });
}
