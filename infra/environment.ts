import type * as z from 'zod';
import type { serviceSchema } from './environment-schema.ts';

/** The settings of a deployment, with its name. */
export interface Environment extends z.output<typeof serviceSchema> {
  /** Part of the names of metrics, alarms and parameters. */
  readonly name: string;
}

/** An error of the caller: reported in one line, without a stack trace. */
export class EnvironmentError extends Error {
  override readonly name = 'EnvironmentError';
}

/** Used in the names of stacks, parameters and metrics. */
const NAME = /^[a-z][a-z0-9]{0,19}$/;

/** @throws {EnvironmentError} if a name can't be used in other names */
export function checkName(name: string): void {
  if (NAME.test(name)) return;
  throw new EnvironmentError(
    `environment "${name}": expected a name of up to 20 lower-case letters and digits, beginning with a letter`,
  );
}

/** The errors in settings, in one line: each key with its problem. */
export function problemsOf({ issues }: z.ZodError): string {
  return issues.map(({ path, message }) => `${path.join('.') || 'settings'}: ${message}`).join('; ');
}
