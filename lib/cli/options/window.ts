import { Option } from 'commander';
import { positiveCount } from './limit.ts';

/** The option that bounds how many records are looked at together. */
export function windowOption(): Option {
  return new Option(
    '--window <n>',
    'records that are looked at together (default: as many as push packs together; 1: each by itself)',
  ).argParser(positiveCount);
}
