import { SSMClient } from '@aws-sdk/client-ssm';
import { Command, Option } from 'commander';
import { toServiceError } from '../../aws/service-error.ts';
import { isApiKey, putKey } from '../../intelligence/keys/key-parameters.ts';
import { keyParameter, keysPath } from '../../intelligence/keys/keys-path.ts';
import { PROVIDER_NAMES, type ProviderName } from '../../intelligence/providers/provider.ts';
import { CliError } from '../cli-error.ts';
import { readSecret } from '../output/read-secret.ts';
import { writeLines } from '../output/write-lines.ts';

interface KeysOptions {
  readonly env: string;
  readonly json?: true;
}

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
    .option('--json', 'print one JSON object')
    .addHelpText('after', EXAMPLES + HELP)
    .action(setKey);
  return new Command('keys').description('Keys of the providers of threat intelligence.').addCommand(set);
}

function environmentOption(): Option {
  return new Option('--env <name>', 'the environment, as deployed: prod, say')
    .env('THREAT_CONSENSUS_ENV')
    .makeOptionMandatory();
}

async function setKey(provider: string, { env, json }: KeysOptions): Promise<void> {
  if (!isProvider(provider)) {
    throw new CliError(`"${provider}" is no provider: expected ${PROVIDER_NAMES.join(' or ')}`, 2);
  }
  if (!/^[\w-]{1,40}$/.test(env)) throw new CliError(`"${env}" is no name of an environment`, 2);
  const key = (await readSecret(`Key of ${provider}: `)).trim();
  // What was read is not quoted, whatever it is.
  if (!isApiKey(key)) throw new CliError(`that is no key: expected one line of printable characters`);
  const path = keysPath(env);
  const name = keyParameter(path, provider);
  const client = new SSMClient();
  try {
    const version = await putKey(client, path, provider, key);
    const line = `stored as version ${version} of ${name}; it is in use within five minutes`;
    await writeLines([json ? JSON.stringify({ parameter: name, version }) : line]);
  } catch (cause) {
    // SSM's message for a value that it does not take would quote it.
    const { code } = toServiceError(cause, `store ${name}`);
    throw new CliError(
      `could not store ${name}: ${code}; are AWS_REGION and credentials set, and is it permitted?`,
    );
  } finally {
    client.destroy();
  }
}

function isProvider(text: string): text is ProviderName {
  return (PROVIDER_NAMES as readonly string[]).includes(text);
}
