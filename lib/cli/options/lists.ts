import { Option } from 'commander';

/** The option that names files with lists of malicious addresses. */
export function blocklistOption(): Option {
  return new Option('--blocklist <file...>', 'lists of malicious addresses on this machine, beside the rest');
}

/** The option that fetches public lists. */
export function feedsOption(): Option {
  return new Option(
    '--feeds [file]',
    'fetch public lists, and keep them in the cache folder; FILE says what is changed about the catalogue',
  ).preset(true);
}
