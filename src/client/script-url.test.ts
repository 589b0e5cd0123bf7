import { afterEach, expect, it, vi } from 'vitest';

afterEach(() => {
  vi.unstubAllGlobals();
  vi.resetModules();
});

const load = async (trustedTypes: unknown) => {
  vi.stubGlobal('location', new URL('https://petrel.example/app/'));
  vi.stubGlobal('trustedTypes', trustedTypes);
  return (await import('./script-url.ts')).scriptUrl;
};

it('creates one policy, which allows only scripts of the page’s origin', async () => {
  const names: string[] = [];
  const scriptUrl = await load({
    createPolicy: (name: string, { createScriptURL }: { createScriptURL(url: string): string }) => {
      names.push(name);
      return { createScriptURL: (url: string) => ({ trusted: createScriptURL(url) }) };
    },
  });
  expect(scriptUrl('/assets/hub.js')).toEqual({ trusted: 'https://petrel.example/assets/hub.js' });
  expect(scriptUrl('pump.js')).toEqual({ trusted: 'https://petrel.example/app/pump.js' });
  for (const url of ['https://other.example/x.js', '//other.example/x.js', 'data:text/javascript,1', 'blob:https://other.example/1']) expect(() => scriptUrl(url)).toThrow(TypeError);
  expect(names).toEqual(['petrel']);
});

it('is the plain text without Trusted Types, and where the policy is refused', async () => {
  expect((await load(undefined))('/a.js')).toBe('/a.js');
  const refusing = await load({
    createPolicy: () => {
      throw new TypeError('refused');
    },
  });
  expect(refusing('/a.js')).toBe('/a.js');
});
