import { Option } from 'commander';
import { DIRECTIONS } from '../../consensus/scoring-input.ts';

/** The option `--direction` of commands that filter connections by who opened them. */
export function directionOption(meaning: string): Option {
  return new Option('--direction <direction>', meaning).choices(DIRECTIONS);
}
