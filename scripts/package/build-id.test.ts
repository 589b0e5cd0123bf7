import { describe, expect, it } from 'vitest';
import { packageBuildId, placeholder } from './build-id.ts';

const files = new Map([['index.js', 'one'], ['workers/hub.js', 'two']]);
const time = 1_764_000_000;

describe('the build id of a package', () => {
  it('is as long as its placeholder', () => {
    expect(packageBuildId('0.1.0', time, files)).toHaveLength(placeholder.length);
    expect(packageBuildId('12.0.345', time, files)).toHaveLength(placeholder.length);
  });

  it('is another one for another content, whatever the order of the files', () => {
    const id = packageBuildId('0.1.0', time, files);
    expect(packageBuildId('0.1.0', time, new Map([...files].toReversed()))).toBe(id);
    expect(packageBuildId('0.1.0', time, new Map([...files, ['index.js', 'other']]))).not.toBe(id);
  });

  it('is the greater text for the newer version, and for the later build of one version', () => {
    const inOrder = [
      packageBuildId('0.9.0', time + 9, files),
      packageBuildId('0.10.0-beta.1', time, files),
      packageBuildId('0.10.0', time + 1, files),
      packageBuildId('0.10.1', time, files),
      packageBuildId('1.0.0', time, files),
    ];
    expect(inOrder.toSorted()).toEqual(inOrder);
  });

  it('takes no version of another form', () => {
    expect(() => packageBuildId('1.0', time, files)).toThrow("'1.0'");
    expect(() => packageBuildId('1.0.1000', time, files)).toThrow("'1.0.1000'");
  });
});
