import { Option } from 'commander';

/** The option that answers the question whether to change something. */
export function yesOption(): Option {
  return new Option('--yes', 'do not ask');
}
