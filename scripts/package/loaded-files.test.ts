import { describe, expect, it } from 'vitest';
import { loadedFiles } from './loaded-files.ts';

const files = new Map([
  ['index.js', 'export{a}from"./chunk-a.js"'],
  ['chunk-a.js', 'export const a=1'],
  ['workers/hub.js', 'import"../chunk-a.js";import{b}from"./chunk-b.js";x(()=>import("./driver-1.js"),()=>import(\'./driver-2.js\'))'],
  ['workers/chunk-b.js', 'import{hub}from"./hub.js";export const b="./driver-3.js"'],
  ['workers/driver-1.js', 'import"./chunk-b.js";import "./chunk-c.js";export{z as albatrossDriver}'],
  ['workers/driver-2.js', 'import"./chunk-c.js";import"./chunk-d.js";export{z as otherDriver}'],
  ['workers/chunk-c.js', ''],
  ['workers/chunk-d.js', ''],
]);

describe('loadedFiles', () => {
  it('follows imports of all kinds, in circles too, and no texts that only look like paths', () => {
    expect([...loadedFiles(files, ['index.js'])]).toEqual(['index.js', 'chunk-a.js']);
    expect([...loadedFiles(files, ['workers/hub.js'])].toSorted()).toEqual([...files.keys()].filter((path) => path !== 'index.js').toSorted());
  });

  it('leaves out what is skipped, and what only that imports', () => {
    const loaded = loadedFiles(files, ['workers/hub.js'], (_, text) => text.includes('otherDriver'));
    expect([...loaded].toSorted()).toEqual(['chunk-a.js', 'workers/chunk-b.js', 'workers/chunk-c.js', 'workers/driver-1.js', 'workers/hub.js']);
  });

  it('knows no file that is not there', () => {
    expect([...loadedFiles(files, ['missing.js', 'chunk-a.js'])]).toEqual(['chunk-a.js']);
  });
});
