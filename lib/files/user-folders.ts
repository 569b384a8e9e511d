import { accessSync, constants, mkdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

const NAME = 'threat-consensus';

/** The user's cache folder (XDG Base Directory Specification). */
export function userCacheFolder(): string {
  return join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), NAME);
}

/** The user's runtime folder, where running programs find each other; the system clears it on logout. */
export function userRuntimeFolder(): string {
  const { XDG_RUNTIME_DIR: folder } = process.env;
  return folder ? join(folder, NAME) : userCacheFolder();
}

/** Creates a folder for this user only, if it is missing. @returns whether it is writable */
export function isWritableFolder(path: string): boolean {
  try {
    mkdirSync(path, { recursive: true, mode: 0o700 });
    accessSync(path, constants.W_OK | constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
