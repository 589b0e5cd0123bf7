import type { Client, TransactionView } from '../client/types.ts';
import type { ConfirmAnswer, ConfirmRequest, StakingRequest } from '../widget/confirm-messages.ts';
import type { Plain } from '../widget/plain-data.ts';
import { codes, ProviderError } from '../widget/provider-error.ts';
import type { Asks } from './asks.ts';
import { newNonce } from './new-nonce.ts';
import { Params } from './params.ts';
import type { Signed } from './deliver.ts';
import type { Payments } from './payments.ts';
import type { Permissions } from './permissions.ts';
import { untilLive } from './until-live.ts';

/** What a host may ask without a grant, and what a person is asked about. */
type Scope = 'chain' | 'address' | 'accounts' | 'pay' | 'sign';

export interface MethodsOptions {
  readonly client: Promise<Client>;
  readonly host: string;
  readonly network: string;
  readonly permissions: Permissions;
  readonly asks: Pick<Asks, 'ask'>;
  readonly payments: Promise<Pick<Payments, 'rejected'>>;
  /** Gives what was signed to the network; resolves with its hash. */
  readonly deliver: (answer: Signed) => Promise<string>;
  /** Why this host may ask for nothing that needs a key; undefined: it may. */
  readonly signingRefused: () => 'nested-frame' | 'null-origin' | 'host-isolated' | undefined;
  /** Messages that the frame ignored. */
  readonly ignored: () => number;
}

interface Method {
  readonly scope: Scope;
  readonly fields: readonly string[];
  readonly run: (params: Params, signal: AbortSignal) => Promise<unknown>;
}

/** Transactions in one answer: a message has a limit. */
const MAX_LIST = 20;

/** A request to `/confirm` without what the frame fills in. */
type Asked = ConfirmRequest extends infer Request ? (Request extends ConfirmRequest ? Omit<Request, 'nonce' | 'host' | 'network'> : never) : never;

/** The frame's methods. Their names are those of Nimiq Pay's provider, where it has them. */
export function methodsOf(options: MethodsOptions): (method: string, params: Plain, signal: AbortSignal) => Promise<unknown> {
  const { client, permissions } = options;
  const ask = async (asked: Asked, signal: AbortSignal): Promise<ConfirmAnswer> => {
    // Nothing can be paid without the network: better to say so before a person has signed.
    if (asked.kind !== 'accounts' && asked.kind !== 'message') await untilLive(await client, signal);
    return options.asks.ask({ ...asked, nonce: newNonce(), host: options.host, network: options.network } as ConfirmRequest, signal);
  };
  const pay = async (asked: Asked, signal: AbortSignal) => {
    const payments = await options.payments;
    const answer = await ask(asked, signal).catch((error: unknown) => {
      if (error instanceof ProviderError && error.code === codes.rejected) payments.rejected();
      throw error;
    });
    if (answer.kind !== 'transaction') throw new ProviderError(codes.failed, 'wrong-answer');
    return options.deliver(answer);
  };
  const payment = (params: Params, signal: AbortSignal, message?: string) =>
    pay({ kind: 'payment', recipient: params.address('recipient'), value: params.luna('value'), fee: feeOf(params), message }, signal);
  const staking = (action: StakingRequest['action'], fields: readonly string[], read: (params: Params) => Partial<StakingRequest>): Method => ({
    scope: 'pay',
    fields: [...fields, 'fee'],
    run: (params, signal) => pay({ kind: 'staking', action, fee: feeOf(params), ...read(params) }, signal),
  });

  const methods: Readonly<Record<string, Method>> = {
    getHead: { scope: 'chain', fields: [], run: async () => headOf(await (await client).getHead()) },
    getStatus: {
      scope: 'chain',
      fields: [],
      run: async () => {
        const { phase, consensus, network, storage, peers, reason } = await (await client).getStatus();
        return { phase, consensus, network: network.name, development: network.development, storage: storage.kind, peers: peers.live, reason: reason?.code ?? null, ignoredMessages: options.ignored() };
      },
    },
    getTrust: {
      scope: 'chain',
      fields: [],
      run: async () => {
        const { level, anchor } = await (await client).getTrust();
        return { level, anchor: { kind: anchor.kind, height: anchor.height, hash: anchor.hash } };
      },
    },
    isConsensusEstablished: { scope: 'chain', fields: [], run: async () => (await (await client).getStatus()).consensus === 'established' },
    getBlockNumber: { scope: 'chain', fields: [], run: async () => (await (await client).getHead()).latest.height },
    getBalance: {
      scope: 'address',
      fields: ['address'],
      run: async (params, signal) => {
        const address = mayRead(permissions, params.address('address'));
        const { value, level, finality, block } = await proven(client, signal, (it) => it.accounts.get(address, { signal, asOf: 'latest' }));
        return { address, balance: String(value.balance), type: value.type, level, finality, block: { ...block } };
      },
    },
    getTransactions: {
      scope: 'address',
      fields: ['address', 'limit', 'before'],
      run: async (params, signal) => {
        const address = mayRead(permissions, params.address('address'));
        const limit = params.optional('limit', (name) => params.integer(name, 1, MAX_LIST));
        const before = params.optional('before', (name) => params.hash(name));
        const { value } = await proven(client, signal, (it) => it.transactions.list(address, { signal, limit: limit ?? MAX_LIST, before }));
        return { transactions: value.transactions.map(transactionOf), complete: value.complete, more: value.more };
      },
    },
    listAccounts: {
      scope: 'accounts',
      fields: [],
      run: async (_, signal) => {
        const { accounts } = permissions;
        if (accounts.length > 0) {
          permissions.use();
          return accounts;
        }
        const answer = await ask({ kind: 'accounts' }, signal);
        if (answer.kind !== 'accounts') throw new ProviderError(codes.failed, 'wrong-answer');
        permissions.grantAccounts(answer.addresses);
        return answer.addresses;
      },
    },
    sign: {
      scope: 'sign',
      fields: ['message', 'isHex'],
      run: async (params, signal) => {
        if (params.optional('isHex', (name) => params.flag(name))) throw new ProviderError(codes.unsupported, 'hex-message');
        const answer = await ask({ kind: 'message', message: params.text('message') }, signal);
        if (answer.kind !== 'message') throw new ProviderError(codes.failed, 'wrong-answer');
        return { publicKey: answer.publicKey, signature: answer.signature };
      },
    },
    sendBasicTransaction: { scope: 'pay', fields: ['recipient', 'value', 'fee'], run: (params, signal) => payment(params, signal) },
    sendBasicTransactionWithData: { scope: 'pay', fields: ['recipient', 'value', 'data', 'fee'], run: async (params, signal) => payment(params, signal, params.text('data')) },
    sendNewStakerTransaction: staking('create-staker', ['delegation', 'value'], (params) => ({ delegation: params.address('delegation'), value: params.luna('value') })),
    sendStakeTransaction: staking('add-stake', ['value'], (params) => ({ value: params.luna('value') })),
    sendUpdateStakerTransaction: staking('update-staker', ['newDelegation', 'reactivateAllStake'], (params) => ({
      delegation: params.address('newDelegation'),
      reactivateAllStake: params.optional('reactivateAllStake', (name) => params.flag(name)),
    })),
    sendSetActiveStakeTransaction: staking('set-active-stake', ['newActiveBalance'], (params) => ({ value: params.luna('newActiveBalance', 0n) })),
    sendRetireStakeTransaction: staking('retire-stake', ['retireStake'], (params) => ({ value: params.luna('retireStake') })),
    sendRemoveStakeTransaction: staking('remove-stake', ['value'], (params) => ({ value: params.luna('value') })),
  };

  return async (name, given, signal) => {
    const method = Object.hasOwn(methods, name) ? methods[name] : undefined;
    if (!method) throw new ProviderError(codes.unsupported, 'unknown-method');
    if (method.scope !== 'chain' && method.scope !== 'address') {
      const refused = options.signingRefused();
      if (refused) throw new ProviderError(refused === 'host-isolated' ? codes.unsupported : codes.unauthorised, refused);
      if (permissions.blocked) throw new ProviderError(codes.unauthorised, 'blocked');
    }
    return method.run(new Params(name === 'sign' && typeof given === 'string' ? { message: given } : given, method.fields), signal);
  };
}

function mayRead(permissions: Permissions, address: string): string {
  if (!permissions.mayRead(address)) throw new ProviderError(codes.unauthorised, 'too-many-addresses');
  return address;
}

function feeOf(params: Params): string | undefined {
  return params.optional('fee', (name) => params.luna(name, 0n));
}

/** @throws ProviderError 4900 if the network gives no answer that can be proven. */
async function proven<T>(client: Promise<Client>, signal: AbortSignal, question: (client: Client) => Promise<T>): Promise<T> {
  const started = await client;
  await untilLive(started, signal);
  try {
    return await question(started);
  } catch (error) {
    signal.throwIfAborted();
    const { code } = error as { readonly code?: unknown };
    throw new ProviderError(codes.disconnected, typeof code === 'string' ? code : 'no-answer');
  }
}

function headOf({ known, latest, final }: Awaited<ReturnType<Client['getHead']>>) {
  return { known, height: latest.height, hash: latest.hash, timestamp: latest.timestamp, level: latest.trust, finality: latest.finality, final: { height: final.height, hash: final.hash, level: final.trust } };
}

/** Amounts as texts, as everywhere in the widget. */
function transactionOf({ hash, kind, state, sender, recipient, value, fee, blockHeight, timestamp, executionResult }: TransactionView) {
  return { hash, kind, state, sender, recipient, value: String(value), fee: String(fee), blockHeight, timestamp, executionResult };
}
