import { Option } from 'commander';
import { positiveCount } from './limit.ts';

/** The option that limits how many records are scored together. */
export function windowOption(): Option {
  return new Option(
    '--window <n>',
    'how many records are scored together (default: as many as push packs together; 1: each by itself)',
  ).argParser(positiveCount);
}
