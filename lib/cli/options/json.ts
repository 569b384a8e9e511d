import { Option } from 'commander';

export interface JsonOptions {
  readonly json?: true;
}

/** The option that makes a command print for programs. */
export function jsonOption(meaning = 'print one JSON object'): Option {
  return new Option('--json', meaning);
}
