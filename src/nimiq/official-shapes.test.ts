import type * as O from '@nimiq/core';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, expectTypeOf, it } from 'vitest';
import type { PublicShape } from '../../test/support/public-shape.ts';
import * as ours from '../package/nimiq.ts';

/** The official client's declarations of 2.21.0 for browsers. */
const declarations = readFileSync(fileURLToPath(new URL('../../node_modules/@nimiq/core/types/wasm/web.d.ts', import.meta.url)), 'utf8');
const helpers = readFileSync(fileURLToPath(new URL('../../node_modules/@nimiq/core/lib/index.d.ts', import.meta.url)), 'utf8');

describe('the official client', () => {
  it('can be replaced by ours, for the compiler (A1)', () => {
    expectTypeOf<PublicShape<ours.Client>>().toExtend<PublicShape<O.Client>>();
    expectTypeOf<PublicShape<typeof ours.Client.create>>().toExtend<(config: O.PlainClientConfiguration) => Promise<PublicShape<O.Client>>>();
    expectTypeOf<PublicShape<ours.ClientConfiguration>>().toExtend<PublicShape<O.ClientConfiguration>>();
    expectTypeOf<ConstructorParameters<typeof ours.ClientConfiguration>>().toEqualTypeOf<ConstructorParameters<typeof O.ClientConfiguration>>();
    expect.assertions(0);
  });

  it('has the same plain types', () => {
    expectTypeOf<ours.PlainAccount>().toEqualTypeOf<O.PlainAccount>();
    expectTypeOf<ours.PlainBlock>().toEqualTypeOf<O.PlainBlock>();
    expectTypeOf<ours.PlainClientConfiguration>().toEqualTypeOf<O.PlainClientConfiguration>();
    expectTypeOf<ours.PlainElectedValidator>().toEqualTypeOf<O.PlainElectedValidator>();
    expectTypeOf<ours.PlainPeerInfo>().toEqualTypeOf<O.PlainPeerInfo>();
    expectTypeOf<ours.PlainStaker>().toEqualTypeOf<O.PlainStaker>();
    expectTypeOf<ours.PlainTransactionReceipt>().toEqualTypeOf<O.PlainTransactionReceipt>();
    expectTypeOf<ours.PlainValidator>().toEqualTypeOf<O.PlainValidator>();
    expectTypeOf<ours.ConsensusState>().toEqualTypeOf<O.ConsensusState>();
    expectTypeOf<ours.TransactionState>().toEqualTypeOf<O.TransactionState>();
    // Unions of the same members in another order of fields: each takes the other's place.
    expectTypeOf<ours.PlainTransactionDetails>().toExtend<O.PlainTransactionDetails>();
    expectTypeOf<O.PlainTransactionDetails>().toExtend<ours.PlainTransactionDetails>();
    expectTypeOf<ours.PlainTransaction>().toExtend<O.PlainTransaction>();
    expectTypeOf<O.PlainTransaction>().toExtend<ours.PlainTransaction>();
    expectTypeOf<ours.PlainHtlcEarlyResolveProof>().toExtend<O.PlainHtlcEarlyResolveProof>();
    expectTypeOf<ours.PlainHtlcRegularTransferProof>().toExtend<O.PlainHtlcRegularTransferProof>();
    expectTypeOf<ours.PlainHtlcTimeoutResolveProof>().toExtend<O.PlainHtlcTimeoutResolveProof>();
    expectTypeOf<ours.PlainStandardProof>().toExtend<O.PlainStandardProof>();
    expectTypeOf<ours.PlainValidatorData>().toExtend<O.PlainValidatorData>();
    expectTypeOf<ours.PlainSignalDataUpdateMode>().toEqualTypeOf<O.PlainSignalDataUpdateMode>();
    expect.assertions(0);
  });

  it('has no class and no enum that is not here', () => {
    const names = [...declarations.matchAll(/^export (?:class|enum) (\w+)/gmu)].map(([, name = '']) => name);
    const more = [...helpers.matchAll(/^export \{([^}]*)\}/gmu)].flatMap(([, list = '']) => list.split(',').map((name) => name.trim())).filter((name) => /^[A-Z]/u.test(name));
    expect(names.length).toBeGreaterThan(30);
    expect(more.length).toBeGreaterThan(5);
    expect([...names, ...more].filter((name) => !(name in ours))).toEqual([]);
  });

  it('has no type that the entry does not export', () => {
    const types = [...declarations.matchAll(/^export (?:type|interface) (\w+)/gmu)].map(([, name = '']) => name).filter((name) => !/^(?:InitInput|InitOutput|SyncInitInput)$/u.test(name));
    const entry = ['nimiq', 'keys'].map((name) => readFileSync(fileURLToPath(new URL(`../package/${name}.ts`, import.meta.url)), 'utf8')).join('\n');
    expect(types.length).toBeGreaterThan(40);
    expect(types.filter((name) => !new RegExp(`\\b${name}\\b`, 'u').test(entry))).toEqual([]);
  });

  it('has no method of Client and ClientConfiguration that is not here', () => {
    for (const [name, shown] of [['Client', ours.Client], ['ClientConfiguration', ours.ClientConfiguration]] as const) {
      const [, body = ''] = new RegExp(`^export class ${name} \\{\\n([\\s\\S]*?)\\n\\}`, 'mu').exec(declarations) ?? [];
      const methods = [...body.matchAll(/^ {4}(?:static )?(\w+)\(/gmu)].map(([, method = '']) => method).filter((method) => method !== 'constructor');
      expect(methods.length).toBeGreaterThan(9);
      expect(methods.filter((method) => !(method in shown.prototype) && !(method in shown))).toEqual([]);
    }
  });
});
