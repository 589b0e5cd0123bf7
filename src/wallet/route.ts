/** What the part of the URL after `#` opens. */
export type Route =
  | { readonly page: 'overview' | 'receive' | 'settings' | 'add' }
  /** `to`: an address or a payment link to begin with. */
  | { readonly page: 'send'; readonly to: string }
  /** The progress of a payment. */
  | { readonly page: 'payment'; readonly hash: string }
  /** Words or key file of an account. */
  | { readonly page: 'backup'; readonly id: string };

export function parseRoute(hash: string): Route {
  const [, page = '', rest = ''] = /^#\/([a-z]*)\/?(.*)$/u.exec(hash) ?? [];
  switch (page) {
    case 'receive':
    case 'settings':
    case 'add':
      return { page };
    case 'send':
      return { page, to: decoded(rest) };
    case 'payment':
      return /^[\da-f]{64}$/u.test(rest) ? { page, hash: rest } : { page: 'overview' };
    case 'backup':
      return /^[\da-f]{32}$/u.test(rest) ? { page, id: rest } : { page: 'overview' };
    default:
      return { page: 'overview' };
  }
}

export const hrefs = {
  overview: '#/',
  send: '#/send',
  receive: '#/receive',
  settings: '#/settings',
  add: '#/add',
  payment: (hash: string) => `#/payment/${hash}`,
  backup: (id: string) => `#/backup/${id}`,
  sendTo: (to: string) => `#/send/${encodeURIComponent(to)}`,
} as const;

/** Pages of the same site, with the same network and settings. */
export const appHref = (hash = ''): string => `./${location.search}${hash}`;
export const grantsHref = (): string => `./confirm${location.search}#grants`;

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
