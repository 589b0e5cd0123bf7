import * as Nimiq from '@nimiq/core';

// A page as the documentation of the official client shows them: configuration, the listeners, a payment with and without a message, a
// stake, look-ups. The test runs it twice; the line above is all that differs.

const query = new URLSearchParams(location.search);
const place = (id) => document.querySelector(`#${id}`);
const show = (id, value) => {
  place(id).textContent = typeof value === 'string' ? value : JSON.stringify(value);
};
const item = (id, value) => {
  const entry = document.createElement('li');
  entry.textContent = JSON.stringify(value);
  place(id).append(entry);
};
const onSubmit = (id, answer, action) => {
  place(id).addEventListener('submit', async (event) => {
    event.preventDefault();
    try {
      show(answer, await action(Object.fromEntries(new FormData(event.target))));
    } catch (error) {
      show('error', `${id}: ${error?.message ?? error}`);
    }
  });
};

const config = new Nimiq.ClientConfiguration();
config.network(query.get('network'));
config.seedNodes(query.getAll('seed'));
config.onlySecureWsConnections(false);
config.logLevel('error');
const client = await Nimiq.Client.create(config.build());

client.addConsensusChangedListener((state) => show('consensus', state));
client.addHeadChangedListener(async (hash, reason, revertedBlocks, adoptedBlocks) => {
  const block = await client.getBlock(hash);
  item('heads', { height: block.height, type: block.type, hash, reason, reverted: revertedBlocks.length, adopted: adoptedBlocks.length, timestamp: block.timestamp });
});
client.addPeerChangedListener((peerId, reason, peerCount) => show('peers', String(peerCount)));

await client.waitForConsensusEstablished();
show('network', await client.getNetworkId());
show('head', await client.getHeadHeight());
show('account', await client.getAccount(query.get('account')));
await client.addTransactionListener(({ transactionHash, state }) => item('told', { transactionHash, state }), [query.get('friend')]);

onSubmit('pay', 'sent', async ({ key, recipient, amount, message }) => {
  if (!(await client.isConsensusEstablished())) throw new Error('Consensus is not established');
  const keyPair = Nimiq.KeyPair.derive(Nimiq.PrivateKey.fromHex(key));
  const common = [BigInt(amount), 0n, await client.getHeadHeight(), await client.getNetworkId()];
  const to = Nimiq.Address.fromString(recipient);
  const transaction = message
    ? Nimiq.TransactionBuilder.newBasicWithData(keyPair.toAddress(), to, new TextEncoder().encode(message), ...common)
    : Nimiq.TransactionBuilder.newBasic(keyPair.toAddress(), to, ...common);
  transaction.sign(keyPair);
  return client.sendTransaction(transaction.toHex());
});

onSubmit('stake', 'staked', async ({ key, delegation, amount }) => {
  const keyPair = Nimiq.KeyPair.derive(Nimiq.PrivateKey.fromHex(key));
  const transaction = Nimiq.TransactionBuilder.newCreateStaker(
    keyPair.toAddress(), Nimiq.Address.fromString(delegation), BigInt(amount), 0n, await client.getHeadHeight(), await client.getNetworkId(),
  );
  transaction.sign(keyPair);
  return client.sendTransaction(transaction.toHex());
});

onSubmit('look', 'found', async ({ address, staker }) => {
  const transactions = await client.getTransactionsByAddress(address);
  return {
    head: await client.getHeadBlock(),
    account: await client.getAccount(address),
    staker: await client.getStaker(staker),
    // The order inside a block is any.
    transactions: transactions.sort((a, b) => a.transactionHash.localeCompare(b.transactionHash)),
    receipts: (await client.getTransactionReceiptsByAddress(address)).length,
    book: (await client.getAddressBook()).length > 0,
  };
});
show('head', await client.getHeadHeight());
