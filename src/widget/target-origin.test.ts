import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, it } from 'vitest';

const src = resolve(import.meta.dirname, '..');

it('W4: only the frame’s hello goes to any origin', () => {
  const found = ['widget', 'embed', 'confirm'].flatMap((room) =>
    readdirSync(join(src, room), { recursive: true, encoding: 'utf8' })
      .filter((name) => /\.tsx?$/u.test(name) && !/\.test\./u.test(name))
      .flatMap((name) => readFileSync(join(src, room, name), 'utf8').split('\n').flatMap((line) => (/(['"`])\*\1/u.test(line) && !/^\s*(?:\*|\/)/u.test(line) ? [`${room}/${name}: ${line.trim()}`] : []))),
  );
  expect(found).toEqual(["embed/handshake.ts: parent.postMessage({ petrel: 1, hello: nonce } satisfies Hello, '*');"]);
});
