import type * as z from 'zod';
import type { serviceSchema } from './environment-schema.ts';

/** What a deployment's constructs go by: its name, and what is particular to it. */
export interface Environment extends z.output<typeof serviceSchema> {
  /** Part of the names of metrics, alarms and parameters. */
  readonly name: string;
}

/** A mistake of the caller's: reported in one line, without a stack trace. */
export class EnvironmentError extends Error {
  override readonly name = 'EnvironmentError';
}

/** Names of stacks, parameters and metrics hold it. */
const NAME = /^[a-z][a-z0-9]{0,19}$/;

/** @throws {EnvironmentError} where a name can be no part of other names */
export function checkName(name: string): void {
  if (NAME.test(name)) return;
  throw new EnvironmentError(
    `environment "${name}": expected a name of up to 20 lower-case letters and digits, beginning with a letter`,
  );
}

/** What is wrong with settings, in one line: each key with its problem. */
export function problemsOf({ issues }: z.ZodError): string {
  return issues.map(({ path, message }) => `${path.join('.') || 'settings'}: ${message}`).join('; ');
}
