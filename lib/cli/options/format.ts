import { Option } from 'commander';
import { LOG_FORMATS } from '../../logs/log-format.ts';

/** The option that names a file's format, if its beginning does not show it. */
export function formatOption(): Option {
  return new Option('--format <format>', 'input format (default: detected from the first lines)').choices(
    LOG_FORMATS,
  );
}
