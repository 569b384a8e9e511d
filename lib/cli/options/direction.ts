import { Option } from 'commander';
import { DIRECTIONS } from '../../consensus/scoring-input.ts';

/** The option `--direction` of commands that choose connections by who began them. */
export function directionOption(meaning: string): Option {
  return new Option('--direction <direction>', meaning).choices(DIRECTIONS);
}
