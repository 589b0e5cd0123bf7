import type { DevnetProcess } from '../devnet.ts';
import { codeOf, onLocalNetwork } from './readme.ts';

/** The files of a page that any bundler can build: the client alone, which the test reads as `globalThis.petrel`. */
export function plainApp(devnet: Pick<DevnetProcess, 'seeds'>): Readonly<Record<string, string>> {
  return {
    'index.html': html('/app.js'),
    'app.js': onLocalNetwork(`import { createClient } from 'petrel';\n\nglobalThis.petrel = await createClient({ network: 'main-albatross' });\n`, devnet),
  };
}

/** The React example of the package's README, mounted twice as StrictMode does, in TypeScript; and a client for the test. */
export function reactApp(devnet: Pick<DevnetProcess, 'seeds'>): Readonly<Record<string, string>> {
  const [chain = ''] = codeOf('src/package/README.md', 'tsx');
  return {
    'index.html': html('/main.tsx'),
    'Chain.tsx': onLocalNetwork(chain, devnet),
    'main.tsx': onLocalNetwork(
      `import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { createClient } from 'petrel';
import { Chain } from './Chain';

createRoot(document.querySelector('#root')!).render(<StrictMode><Chain /></StrictMode>);
void createClient({ network: 'main-albatross' }).then((petrel) => Object.assign(globalThis, { petrel }));
`,
      devnet,
    ),
    'tsconfig.json': JSON.stringify({ compilerOptions: { jsx: 'react-jsx', module: 'esnext', moduleResolution: 'bundler', target: 'es2022', strict: true } }),
  };
}

/** The same client in a page of Next, which renders it on the server first. */
export function nextApp(devnet: Pick<DevnetProcess, 'seeds'>): Readonly<Record<string, string>> {
  const [chain = ''] = codeOf('src/package/README.md', 'tsx');
  return {
    'app/layout.jsx': `export default function Layout({ children }) {\n  return <html lang="en"><body>{children}</body></html>;\n}\n`,
    'app/icon.svg': '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"/>',
    'app/Chain.jsx': onLocalNetwork(chain, devnet)
      .replace(/^import type .*\n/mu, '')
      .replace(' as const', '')
      .replace(': { readonly client: Client }', ''),
    'app/Global.jsx': onLocalNetwork(
      `'use client';

import { createClient } from 'petrel';
import { useEffect } from 'react';

export function Global() {
  useEffect(() => {
    void createClient({ network: 'main-albatross' }).then((petrel) => Object.assign(globalThis, { petrel }));
  }, []);
  return null;
}
`,
      devnet,
    ),
    'app/page.jsx': `import { Chain } from './Chain';\nimport { Global } from './Global';\n\nexport default function Page() {\n  return <main><Chain /><Global /></main>;\n}\n`,
  };
}

function html(script: string): string {
  return `<!doctype html>\n<link rel="icon" href="data:," />\n<title>Project</title>\n<div id="root"></div>\n<script type="module" src="${script}"></script>\n`;
}
