/** `npm run generate:wasm`: writes the bytes of the crypto module to `src/crypto/wasm/module-bytes.ts`. */

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { emitModule } from '../src/crypto/wasm/emit-module.ts';
import { moduleSource } from '../src/crypto/wasm/module-source.ts';

writeFileSync(join(import.meta.dirname, '../src/crypto/wasm/module-bytes.ts'), moduleSource(emitModule()));
