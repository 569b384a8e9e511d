import { Command, Option } from 'commander';
import { PROVIDER_NAMES, type ProviderName } from '../../intelligence/providers/provider.ts';
import { CliError } from '../cli-error.ts';
import { choiceArgument } from '../options/choice-argument.ts';
import { type JsonOptions, jsonOption } from '../options/json.ts';
import { environmentOption } from '../options/target.ts';
import { readSecret } from '../output/read-secret.ts';
import { writeLines } from '../output/write-lines.ts';
import type { KeyVerdict } from '../use/keys/test-key.ts';

const SET_EXAMPLES = `
Examples:
  $ threat-consensus keys set virustotal --env prod           prompts for the key without showing it
  $ threat-consensus keys set abuseipdb --env prod --test < key.txt
`;

const TEST_EXAMPLES = `
Examples:
  $ threat-consensus keys test virustotal                     prompts for a key without showing it
  $ threat-consensus keys test abuseipdb --env prod           tries the stored key
`;

const HELP = `
A key is never an argument, so it never shows up in the shell history or the process list. Region and credentials are the
standard AWS variables.
`;

/** Manages the keys of threat intelligence providers. */
export function keysCommand(): Command {
  return new Command('keys')
    .summary('keys of threat intelligence providers')
    .description('Keys of threat intelligence providers.')
    .addCommand(setSubcommand())
    .addCommand(testSubcommand());
}

function setSubcommand(): Command {
  return new Command('set')
    .summary("store a provider's key, encrypted")
    .description(
      'Reads a key from a prompt or from standard input and stores it as a SecureString parameter. The function ' +
        'picks ' +
        'it up a few minutes later, without a deployment.',
    )
    .addArgument(choiceArgument('<provider>', 'the provider', PROVIDER_NAMES))
    .addOption(environmentOption())
    .option('--test', 'try the key first (one call of its quota), and do not store it if it is rejected')
    .addOption(jsonOption())
    .addHelpText('after', SET_EXAMPLES + HELP)
    .action(setKey);
}

function testSubcommand(): Command {
  return new Command('test')
    .summary('check whether a key works')
    .description(
      'Asks the provider about one address: one call of the daily quota (VirusTotal 500, AbuseIPDB 1,000 with a free ' +
        'key). The key is read from a prompt or from standard input; with --env, the stored key is used, which needs ' +
        'permission to read the parameter. The operator policy does not grant it.',
    )
    .addArgument(choiceArgument('<provider>', 'the provider', PROVIDER_NAMES))
    .addOption(new Option('--env <name>', 'try the key that is stored for this environment'))
    .addOption(jsonOption())
    .addHelpText('after', TEST_EXAMPLES + HELP)
    .action(tryKey);
}

async function setKey(
  text: string,
  { env, test, json }: JsonOptions & { readonly env: string; readonly test?: true },
): Promise<void> {
  // Loaded here: help needs no client of SSM.
  const { keyPlace, providerNamed, requireKey, storeKey } = await import('../use/keys/store-key.ts');
  const provider = providerNamed(text);
  const place = keyPlace(provider, env);
  const key = requireKey(await readSecret(`Key of ${provider}: `));
  const verdict = test ? await verdictOn(provider, key) : undefined;
  if (verdict?.outcome === 'refused')
    throw new CliError(`${verdictLine(provider, verdict)}; it is not stored`);
  const version = await storeKey(place, key);
  const { parameter } = place;
  if (verdict !== undefined && !json) await writeLines([verdictLine(provider, verdict)]);
  const line = `stored as version ${version} of ${parameter}; it takes effect within ten minutes`;
  await writeLines([
    json ? JSON.stringify({ parameter, version, ...(verdict && { test: verdict.outcome }) }) : line,
  ]);
}

async function tryKey(text: string, { env, json }: JsonOptions & { readonly env?: string }): Promise<void> {
  const { keyPlace, providerNamed, requireKey, storedKey } = await import('../use/keys/store-key.ts');
  const provider = providerNamed(text);
  const key =
    env === undefined
      ? requireKey(await readSecret(`Key of ${provider}: `))
      : await storedKey(keyPlace(provider, env));
  const verdict = await verdictOn(provider, key);
  const line = verdictLine(provider, verdict);
  if (json) await writeLines([JSON.stringify({ provider, ...verdict })]);
  if (verdict.outcome === 'refused' || verdict.outcome === 'unknown') throw new CliError(line);
  if (!json) await writeLines([line]);
}

async function verdictOn(provider: ProviderName, key: string): Promise<KeyVerdict> {
  const { testKey } = await import('../use/keys/test-key.ts');
  return await testKey(provider, key);
}

function verdictLine(provider: ProviderName, verdict: KeyVerdict): string {
  switch (verdict.outcome) {
    case 'works':
      return `${provider} accepts the key; this used one call of its quota`;
    case 'spent':
      return `${provider} accepts the key, but its quota is used up for now`;
    case 'refused':
      return `${provider} rejects the key`;
    case 'unknown':
      return `${provider} did not answer (${verdict.reason}), so it is not known whether the key works: try again later`;
  }
}
