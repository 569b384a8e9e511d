import type { SSMClient } from '@aws-sdk/client-ssm';
import { overwriteParameter } from './overwrite-parameter.ts';
import { getParameter, type ParameterValue } from './settings-parameter.ts';

export interface Change {
  /** The value as the one who decided saw it. */
  readonly before: ParameterValue;
  readonly value: string;
  readonly description: string;
}

export type ChangeOutcome =
  | { readonly status: 'changed'; readonly version: number }
  /** Somebody had changed it before anything was written. */
  | { readonly status: 'overtaken'; readonly by: ParameterValue }
  /** Somebody changed it at the same time: what they wrote has been put back, as `version`. */
  | { readonly status: 'restored'; readonly by: ParameterValue; readonly version: number }
  /** Somebody changed it right afterwards: theirs is in force. */
  | { readonly status: 'replaced'; readonly by: ParameterValue };

/** Somebody who writes as often in so short a time is not a person. */
const MAX_RESTORES = 5;

/**
 * Replaces a parameter's value unless somebody else changes it meanwhile, a rollback above all: what came between the
 * decision and the write is put back.
 *
 * SSM writes unconditionally, but numbers what it writes: a write that is not numbered next after the value that it was
 * decided on has covered something.
 *
 * ```
 * seen v7 ---- still v7? ---- write: v8                          changed
 * seen v7 ---- v8                                                overtaken, nothing written
 * seen v7 ---- still v7? - rollback: v8 - write: v9 - v8's value: v10    restored
 * ```
 *
 * @throws {ParameterError}
 */
export async function changeParameter(
  client: SSMClient,
  name: string,
  change: Change,
): Promise<ChangeOutcome> {
  const { before, value, description } = change;
  const current = await getParameter(client, name);
  if (current.version !== before.version) return { status: 'overtaken', by: current };

  const version = await overwriteParameter(client, name, value, description);
  if (version === before.version + 1) return { status: 'changed', version };
  return await restore(client, name, version);
}

/** Puts the value back that stood before ours, until nothing has come between any more. */
async function restore(client: SSMClient, name: string, ours: number): Promise<ChangeOutcome> {
  let covering = ours;
  for (let restores = 0; ; restores++) {
    const by = await getParameter(client, `${name}:${covering - 1}`);
    const latest = await getParameter(client, name);
    if (latest.version > covering || restores === MAX_RESTORES) return { status: 'replaced', by: latest };
    const why = `puts version ${by.version} back, which came between`;
    const version = await overwriteParameter(client, name, by.value, why);
    if (version === covering + 1) return { status: 'restored', by, version };
    covering = version;
  }
}
