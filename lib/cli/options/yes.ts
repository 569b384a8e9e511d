import { Option } from 'commander';

/** The option that skips the confirmation of a change. */
export function yesOption(): Option {
  return new Option('--yes', 'do not ask for confirmation');
}
