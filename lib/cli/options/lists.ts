import { Option } from 'commander';

/** The option that names files with lists of malicious addresses. */
export function blocklistOption(): Option {
  return new Option(
    '--blocklist <file...>',
    'files with lists of malicious addresses, in addition to other sources',
  );
}

/** The option that fetches public lists. */
export function feedsOption(): Option {
  return new Option(
    '--feeds [file]',
    'fetch public lists and keep them in the cache folder; FILE holds changes to the catalogue',
  ).preset(true);
}
