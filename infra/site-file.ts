import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import * as z from 'zod';
import { EnvironmentError } from './environment.ts';

/** Environments that a site defines outside the files tracked by git. */
export interface SiteFile {
  /** The name as given by the user. */
  readonly name: string;
  /** By name; they override environments of the same name in `environments.ts`. */
  readonly environments: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

/** Ignored by git, and read if no other file is named. */
const DEFAULT_NAME = 'environments.local.json';

const environments = z.record(z.string(), z.record(z.string(), z.unknown()));

/**
 * Reads the site's own file of environments.
 *
 * @param config as given with `-c config=`: a file, relative to `folder`; empty for none at all
 * @param folder where the CDK's command line was called
 * @returns undefined if there is none
 * @throws {EnvironmentError} one line with the error in the file
 */
export function readSiteFile(config: unknown, folder: string): SiteFile | undefined {
  if (config === '') return undefined;
  if (config === undefined && !existsSync(join(folder, DEFAULT_NAME))) return undefined;
  const name = config === undefined ? DEFAULT_NAME : String(config);
  const checked = environments.safeParse(readJson(name, resolve(folder, name)));
  if (!checked.success)
    throw new EnvironmentError(
      `${name}: expected an object with the settings of each environment by its name`,
    );
  return { name, environments: checked.data };
}

function readJson(name: string, path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const reason =
      code === undefined ? `is no JSON: ${message.replaceAll('\n', ' ')}` : `cannot be read: ${code}`;
    throw new EnvironmentError(`${name} ${reason}`);
  }
}
