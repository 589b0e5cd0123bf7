/** What a wallet does, by the official client's API: the same code for both clients. */

interface Configuration<Config> {
  network(name: string): void;
  seedNodes(seeds: string[]): void;
  onlySecureWsConnections(only: boolean): void;
  logLevel(level: string): void;
  build(): Config;
}

/** The used part of the client. */
interface Wallet {
  waitForConsensusEstablished(): Promise<void>;
  getAccount(address: string): Promise<{ readonly balance: number }>;
  getTransactionReceiptsByAddress(address: string, limit?: number): Promise<readonly { readonly transactionHash: string }[]>;
  getTransactionsByAddress(address: string, since?: number, known?: never[], startAt?: string, limit?: number): Promise<readonly { readonly state: string }[]>;
  sendTransaction(transaction: string): Promise<{ readonly state: string }>;
}

/** What the bench asks the page for; times are milliseconds. */
export interface WalletPage {
  /** Since the navigation began. */
  readonly consensus: number;
  readonly balanceAt: number;
  readonly balance: number;
  /** The address's newest transactions, in pages of 100, as wallets ask for them. */
  history(address: string, count: number): Promise<{ readonly took: number; readonly found: number }>;
  /** From the call to the answer. */
  send(transaction: string): Promise<{ readonly took: number; readonly state: string }>;
}

const PAGE = 100;

/** Starts a client, and gives the bench the page's `WalletPage` once the balance of the address in the URL is there. */
export async function run<Config>(ClientConfiguration: new () => Configuration<Config>, create: (config: Config) => Promise<Wallet>): Promise<void> {
  const { walletPage } = globalThis as unknown as { readonly walletPage: PromiseWithResolvers<WalletPage> };
  try {
    const query = new URLSearchParams(location.search);
    const config = new ClientConfiguration();
    config.network('UnitAlbatross');
    config.seedNodes((query.get('seeds') ?? '').split(','));
    config.onlySecureWsConnections(false);
    config.logLevel('error');
    const client = await create(config.build());
    await client.waitForConsensusEstablished();
    const consensus = performance.now();
    const { balance } = await client.getAccount(query.get('account') ?? '');
    const balanceAt = performance.now();
    walletPage.resolve({
      consensus, balanceAt, balance,
      history: async (address, count) => {
        const begin = performance.now();
        const receipts = await client.getTransactionReceiptsByAddress(address, count);
        let found = 0;
        for (let from = 0; from < receipts.length; from += PAGE) {
          found += (await client.getTransactionsByAddress(address, undefined, undefined, receipts[from - 1]?.transactionHash, PAGE)).length;
        }
        return { took: performance.now() - begin, found };
      },
      send: async (transaction) => {
        const begin = performance.now();
        const { state } = await client.sendTransaction(transaction);
        return { took: performance.now() - begin, state };
      },
    });
  } catch (error) {
    walletPage.reject(error);
  }
}
