import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { emitModule } from './emit-module.ts';
import { MODULE_BYTES } from './module-bytes.ts';
import { moduleSource } from './module-source.ts';

/** Bytes, compressed as by a server. */
const MAX_DOWNLOAD = 10_240;

describe('the checked-in module', () => {
  it("equals the generator's output, byte for byte", () => {
    const file = readFileSync(join(import.meta.dirname, 'module-bytes.ts'), 'utf8');
    expect(file === moduleSource(emitModule())).toBe(true);
    expect(Buffer.from(MODULE_BYTES, 'base64').equals(emitModule())).toBe(true);
  });

  it('is small', () => {
    expect(gzipSync(emitModule(), { level: 9 }).length).toBeLessThan(MAX_DOWNLOAD);
    // As transferred: base64 in a script.
    expect(gzipSync(moduleSource(emitModule()), { level: 9 }).length).toBeLessThan(MAX_DOWNLOAD);
  });
});
