import type { Settings } from './settings.ts';

/** The settings that select the score in use. */
export type Cutover = Pick<Settings, 'mode' | 'consensusPercent'>;

/** Whether the consensus score is the one to use for a remote address, if there is one. */
export function usesConsensus({ mode, consensusPercent }: Cutover, address: string): boolean {
  if (mode !== 'parallel') return mode === 'consensus';
  return canaryPlace(address) < consensusPercent;
}

/** For how many percent of the addresses the consensus score is used, in any mode. */
export function effectivePercent({ mode, consensusPercent }: Cutover): number {
  if (mode === 'parallel') return consensusPercent;
  return mode === 'consensus' ? 100 : 0;
}

const FNV_OFFSET = 0x811c9dc5;
const FNV_PRIME = 0x01000193;

/**
 * An address's position from 0 to 99 in the order in which addresses are moved to the consensus. It depends only on the
 * address, so that raising the percentage only ever adds addresses, and every execution environment agrees.
 *
 * FNV-1a (Fowler, Noll, Vo) over the characters, then the finalizer of MurmurHash3 (Appleby), without which
 * neighbouring addresses would get neighbouring positions.
 */
export function canaryPlace(address: string): number {
  let hash = FNV_OFFSET;
  for (let index = 0; index < address.length; index++) {
    hash = Math.imul(hash ^ address.charCodeAt(index), FNV_PRIME);
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return Math.floor((((hash ^ (hash >>> 16)) >>> 0) / 2 ** 32) * 100);
}
