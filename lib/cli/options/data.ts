import { Option } from 'commander';

/** The option that persists an embedded stack's state. */
export function dataOption(): Option {
  return new Option('--data <dir>', 'keep queues, table and settings in this folder between runs');
}
