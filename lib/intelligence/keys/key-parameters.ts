import {
  GetParameterCommand,
  GetParametersCommand,
  PutParameterCommand,
  type SSMClient,
} from '@aws-sdk/client-ssm';
import { PROVIDER_NAMES, type ProviderName } from '../providers/provider.ts';
import type { ApiKey, ReadApiKeys } from './api-keys.ts';
import { keyParameter } from './keys-path.ts';

/** Keys of these providers are shorter; SSM accepts 4 KB. */
const MOST_CHARACTERS = 512;

/** Whether a text can be a key, which is sent in a header. */
export function isApiKey(text: string): boolean {
  return text.length <= MOST_CHARACTERS && /^[\x21-\x7e]+$/.test(text);
}

/** Reads the existing keys; if a parameter does not exist, or holds no key, its provider is off. */
export function readKeysFrom(client: SSMClient, path: string): ReadApiKeys {
  const names = new Map(PROVIDER_NAMES.map((provider) => [keyParameter(path, provider), provider]));
  return async (abortSignal) => {
    const command = new GetParametersCommand({ Names: [...names.keys()], WithDecryption: true });
    const { Parameters = [] } = await client.send(command, { abortSignal });
    const keys: Partial<Record<ProviderName, ApiKey>> = {};
    for (const { Name = '', Value = '', Version = 0 } of Parameters) {
      const provider = names.get(Name);
      if (provider !== undefined && isApiKey(Value)) keys[provider] = { key: Value, version: Version };
    }
    return keys;
  };
}

/**
 * Reads one provider's key.
 *
 * @returns undefined if the stored value is not a key
 */
export async function getKey(
  client: SSMClient,
  path: string,
  provider: ProviderName,
): Promise<string | undefined> {
  const command = new GetParameterCommand({ Name: keyParameter(path, provider), WithDecryption: true });
  const { Parameter } = await client.send(command);
  return isApiKey(Parameter?.Value ?? '') ? Parameter?.Value : undefined;
}

/**
 * Stores a key, encrypted. Executions use it within some minutes.
 *
 * @returns the parameter's version
 */
export async function putKey(
  client: SSMClient,
  path: string,
  provider: ProviderName,
  key: string,
): Promise<number> {
  const { Version = 0 } = await client.send(
    new PutParameterCommand({
      Name: keyParameter(path, provider),
      Value: key,
      Type: 'SecureString',
      Overwrite: true,
    }),
  );
  return Version;
}
