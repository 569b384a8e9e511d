import { existsSync, statSync } from 'node:fs';
import { CliError } from '../../cli-error.ts';

/**
 * Refuses to replace a file. A device or a pipe holds nothing that could be lost; of a folder, more is said where it is
 * opened.
 *
 * @throws {CliError} if there is a file
 */
export function refuseExisting(path: string): void {
  if (!existsSync(path) || !statSync(path).isFile()) return;
  throw new CliError(`${path} already exists; use --force to replace it`);
}
