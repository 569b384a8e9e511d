import { Command } from 'commander';
import { PROVIDER_NAMES } from '../../intelligence/providers/provider.ts';
import { type JsonOptions, jsonOption } from '../options/json.ts';
import { environmentOption } from '../options/target.ts';
import { readSecret } from '../output/read-secret.ts';
import { writeLines } from '../output/write-lines.ts';

const EXAMPLES = `
Examples:
  $ threat-consensus keys set virustotal --env prod           asks for the key, and does not show it
  $ threat-consensus keys set abuseipdb --env prod < key.txt
`;

const HELP = `
A key is never an argument, so that it is in no history and no list of processes. Region and credentials are the
standard AWS variables.
`;

/** Manages the keys of the providers of threat intelligence. */
export function keysCommand(): Command {
  const set = new Command('set')
    .summary('store a key of a provider, encrypted')
    .description(
      'Reads a key from a prompt or from standard input and stores it as a SecureString parameter. The function uses ' +
        'it a few minutes later, without a deployment.',
    )
    .argument('<provider>', PROVIDER_NAMES.join(' or '))
    .addOption(environmentOption())
    .addOption(jsonOption())
    .addHelpText('after', EXAMPLES + HELP)
    .action(setKey);
  return new Command('keys').description('Keys of the providers of threat intelligence.').addCommand(set);
}

async function setKey(
  provider: string,
  { env, json }: JsonOptions & { readonly env: string },
): Promise<void> {
  // Loaded here: help needs no client of SSM.
  const { keyPlace, storeKey } = await import('../use/keys/store-key.ts');
  const place = keyPlace(provider, env);
  const key = (await readSecret(`Key of ${provider}: `)).trim();
  const version = await storeKey(place, key);
  const { parameter } = place;
  const line = `stored as version ${version} of ${parameter}; it is in use within five minutes`;
  await writeLines([json ? JSON.stringify({ parameter, version }) : line]);
}
