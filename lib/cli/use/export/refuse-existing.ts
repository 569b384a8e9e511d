import { existsSync, statSync } from 'node:fs';
import { CliError } from '../../cli-error.ts';

/**
 * Refuses to overwrite a file. A device or a pipe holds nothing that could be lost; opening a folder gives its own
 * error.
 *
 * @throws {CliError} if the file exists
 */
export function refuseExisting(path: string): void {
  if (!existsSync(path) || !statSync(path).isFile()) return;
  throw new CliError(`${path} already exists; use --force to replace it`);
}
