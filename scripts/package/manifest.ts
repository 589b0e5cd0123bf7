/** The package.json of the package. */

interface Versions {
  readonly version: string;
  /** The React that the adapter is tested with. */
  readonly react: string;
}

/** `types` first in every entry: the first condition that fits is taken. */
const entry = (types: string, code: string) => ({ types: `./dist/types/${types}.d.ts`, default: `./dist/${code}.js` });

export function manifest({ version, react }: Versions, networks: readonly string[]): object {
  return {
    name: 'petrel',
    version,
    description: 'A light client for Nimiq Albatross, HotStuff-2, Moloch and Stacks that runs in a browser',
    keywords: ['nimiq', 'albatross', 'hotstuff', 'moloch', 'stacks', 'light-client', 'browser'],
    license: 'Apache-2.0',
    type: 'module',
    // Reading the entries in Node (server rendering, tests); a client needs a browser.
    engines: { node: '^20.19.0 || >=22.12.0' },
    files: ['dist', 'NOTICE', 'THIRD-PARTY-LICENCES.txt'],
    bin: { petrel: 'dist/petrel.js' },
    // The workers and the command are programmes, and the widget defines its element; the other entries do nothing until they are called.
    sideEffects: ['./dist/workers/*.js', './dist/petrel.js', './dist/widget.js'],
    exports: {
      '.': entry('package/index', 'index'),
      './react': entry('package/react', 'react'),
      './keys': entry('package/keys', 'keys'),
      './nimiq': entry('package/nimiq', 'nimiq'),
      './verify': entry('package/verify', 'verify'),
      './verify-chains': entry('package/verify-chains', 'verify-chains'),
      './widget': entry('package/widget', 'widget'),
      './provider': entry('package/provider', 'provider'),
      ...Object.fromEntries(networks.map((name) => [`./networks/${name}`, entry(`chains/albatross/chain/networks/${name}`, `networks/${name}`)])),
      ...Object.fromEntries(['hub', 'verifier', 'pump'].map((name) => [`./workers/${name}.js`, entry('worker', `workers/${name}`)])),
      './package.json': './package.json',
    },
    peerDependencies: { react: `>=${react.split('.')[0]}` },
    peerDependenciesMeta: { react: { optional: true } },
  };
}
