import { accessSync, constants, mkdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

const NAME = 'threat-consensus';

/** Where this user's programs keep what can be made again (XDG Base Directory Specification). */
export function userCacheFolder(): string {
  return join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), NAME);
}

/** Where this user's running programs find each other; the system empties it when the user logs out. */
export function userRuntimeFolder(): string {
  const { XDG_RUNTIME_DIR: folder } = process.env;
  return folder ? join(folder, NAME) : userCacheFolder();
}

/** Creates a folder for this user alone where it is missing. @returns whether it can be written to */
export function isWritableFolder(path: string): boolean {
  try {
    mkdirSync(path, { recursive: true, mode: 0o700 });
    accessSync(path, constants.W_OK | constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
