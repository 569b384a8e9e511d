import { Option } from 'commander';
import { LOG_FORMATS } from '../../logs/log-format.ts';

/** The option that says what a file is, where its beginning does not. */
export function formatOption(): Option {
  return new Option('--format <format>', 'what the file is; by default what its first lines show').choices(
    LOG_FORMATS,
  );
}
