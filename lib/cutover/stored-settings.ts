import { GetParametersCommand, type Parameter, type SSMClient } from '@aws-sdk/client-ssm';
import { ServiceError, toServiceError } from '../aws/service-error.ts';

/** Names of the two parameters that hold an environment's settings. */
export interface SettingsNames {
  /** What an operator or a rollback has set; absent until then, and after a reset. */
  readonly settings: string;
  /** What a deployment begins with, and what is in force while nobody has set anything. */
  readonly initial: string;
}

/** A parameter's value as it was read. */
export interface ParameterValue {
  readonly value: string;
  /** Counts the parameter's values from 1; after a deletion from 1 again. */
  readonly version: number;
  /** When this value was written, epoch milliseconds. */
  readonly changedAtMs: number;
}

/** What both parameters hold; undefined for one that does not exist. */
export interface StoredSettings {
  readonly operator: ParameterValue | undefined;
  readonly initial: ParameterValue | undefined;
}

/** Whose settings are in force: an operator's (or a rollback's), or those of the deployment. */
export type SettingsSource = 'operator' | 'initial';

/** The value that is in force, readable or not. */
export interface ValueInForce extends ParameterValue {
  readonly source: SettingsSource;
}

/** The settings where they exist, whatever they hold, else the initial ones; undefined if there are neither. */
export function valueInForce({ operator, initial }: StoredSettings): ValueInForce | undefined {
  if (operator !== undefined) return { ...operator, source: 'operator' };
  return initial && { ...initial, source: 'initial' };
}

/**
 * Reads both parameters in one call, so that nobody sees settings deleted before they see the initial ones. A parameter
 * counts as absent only where Parameter Store says that there is none.
 *
 * @throws {ServiceError} if they can't be read
 */
export async function readStoredSettings(
  client: SSMClient,
  names: SettingsNames,
  abortSignal?: AbortSignal,
): Promise<StoredSettings> {
  const action = `read the parameters ${names.settings} and ${names.initial}`;
  const command = new GetParametersCommand({ Names: [names.settings, names.initial] });
  try {
    const answer = await client.send(command, abortSignal === undefined ? {} : { abortSignal });
    const { Parameters = [], InvalidParameters = [] } = answer;
    const found = (name: string): ParameterValue | undefined => {
      const parameter = Parameters.find(({ Name }) => Name === name);
      if (parameter !== undefined) return toValue(parameter);
      if (InvalidParameters.includes(name)) return undefined;
      throw new ServiceError('unavailable', `could not ${action}: the answer does not mention ${name}`);
    };
    return { operator: found(names.settings), initial: found(names.initial) };
  } catch (cause) {
    throw toServiceError(cause, action);
  }
}

function toValue({ Value = '', Version = 0, LastModifiedDate }: Parameter): ParameterValue {
  return { value: Value, version: Version, changedAtMs: LastModifiedDate?.getTime() ?? 0 };
}
