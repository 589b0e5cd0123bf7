import type { ProofFileError, ProofFileErrorCode } from '../chains/albatross/proof-file/proof-file-error.ts';
import type { ProvenStatement, RestsOn, VerifiedProof } from '../chains/albatross/proof-file/verified-proof.ts';

const LUNA_PER_NIM = 100_000;

/** What a file proves and what was checked for it, in plain words, a line each. */
export function describeProof({ network, statement, level, block, finalBy, restsOn, checked }: VerifiedProof): readonly string[] {
  const time = new Date(block.timestamp).toISOString();
  return [
    `Proven: ${stated(statement, block.height)}`,
    `Block: ${block.height} of ${network.name}, ${time}, hash ${block.hash}`,
    `Final: ${finalBy.hash === block.hash ? 'the block is a macro block.' : `by macro block ${finalBy.height}, hash ${finalBy.hash}`}`,
    `Rests on: ${rested(restsOn)}`,
    `Checked: ${blocks(checked.signed)} with the signatures of two thirds of the slots, ${blocks(checked.named)} named by the hash in another one.`,
    `Trust: ${level}`,
    ...(network.development ? [`Note: ${network.name} is a development network. Anybody can make its blocks, so this proves nothing outside of it.`] : []),
  ];
}

function stated(statement: ProvenStatement, height: number): string {
  switch (statement.type) {
    case 'account': {
      const { type, balance } = statement.value;
      return `the account ${statement.address} (${type}) had ${nim(balance)} as of block ${height}.`;
    }
    case 'staker': {
      const { address, value } = statement;
      if (value === undefined) return `there was no staker ${address} as of block ${height}.`;
      const parts = `active ${nim(value.balance)}, inactive ${nim(value.inactiveBalance)}, retired ${nim(value.retiredBalance)}`;
      return `the staker ${address} had ${parts}, ${value.delegation === undefined ? 'delegated to nobody' : `delegated to ${value.delegation}`}, as of block ${height}.`;
    }
    case 'validator': {
      const { address, value } = statement;
      if (value === undefined) return `there was no validator ${address} as of block ${height}.`;
      return `the validator ${address} had a stake of ${nim(value.totalStake)} with ${value.numStakers} stakers as of block ${height}.`;
    }
    case 'transaction': {
      const { sender, recipient, value, fee, blockHeight, kind, executionResult } = statement.value;
      const outcome = executionResult ? `was paid` : `failed, and paid only its fee,`;
      return `the ${kind} ${statement.hash} of ${nim(value)} (fee ${nim(fee)}) from ${sender} to ${recipient} ${outcome} in block ${blockHeight}.`;
    }
    case 'block':
      return `the ${statement.value.type} block ${height} with hash ${statement.hash} is on the chain.`;
  }
}

function rested(on: RestsOn): string {
  if (on.kind === 'genesis') return `the genesis block ${on.height}, hash ${on.hash}`;
  if (on.kind === 'zk-proof') return `the genesis block, by a zero-knowledge proof of election block ${on.height}, hash ${on.hash}`;
  return `election block ${on.height}, hash ${on.hash}, which ${on.pinned ? 'you or this release trust' : 'ONLY THE FILE NAMES: anybody can make such a file'}`;
}

function blocks(count: number): string {
  return count === 1 ? '1 block' : `${count} blocks`;
}

/** Exact, with five decimals. */
function nim(luna: number): string {
  return `${Math.floor(luna / LUNA_PER_NIM)}.${String(luna % LUNA_PER_NIM).padStart(5, '0')} NIM`;
}

const reasons: Readonly<Record<ProofFileErrorCode, string>> = {
  'too-large': 'The file is larger than any proof file.',
  'not-a-proof-file': 'This is no proof file.',
  'newer-format': 'A newer release made this file. Update Petrel to read it.',
  damaged: 'The file is damaged: its bytes cannot be read.',
  'unknown-network': 'The file is of a network that is not built in. Give its parameters.',
  'other-network': 'The file is of another network.',
  'wrong-anchor': 'The election block that the file begins with is not the one that it names.',
  'wrong-zk-proof': 'The zero-knowledge proof in the file does not prove its block.',
  'refused-block': 'A block in the file breaks a rule of the chain.',
  'unlinked-block': 'A block in the file does not follow from the one before it.',
  'wrong-proof': 'The proof does not lead from the block to what the file states.',
  'level-too-low': 'The file rests on an election block that only the file itself names. If you know its hash from a source that you trust, name it as trusted.',
};

/** Why a file proves nothing, in plain words, with the error's values. */
export function describeRefusal({ code, data }: Pick<ProofFileError, 'code' | 'data'>): string {
  const values = Object.entries(data).map(([key, value]) => `${key} ${value}`);
  return `${reasons[code]}${values.length > 0 ? ` (${values.join(', ')})` : ''}`;
}
