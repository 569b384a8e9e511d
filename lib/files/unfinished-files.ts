import { createHash, randomBytes } from 'node:crypto';
import { readdirSync, readlinkSync, rmSync, statSync } from 'node:fs';
import { hostname } from 'node:os';
import { basename, dirname, join } from 'node:path';

/**
 * Names of unfinished files, and removal of those left behind by killed processes.
 *
 * An unfinished file is in the same folder as its target: `.NAME.SPACE-PID-RANDOM.unfinished`. SPACE identifies the
 * machine and its PID namespace. Within the same space, the PID shows whether the writer is still running. For other
 * machines or containers that share the folder, only the file's age is known.
 */
const UNFINISHED = /^([0-9a-f]{8})-(\d+)-[0-9a-f]{8}\.unfinished$/;

/** A running writer touches its file far more often, so an older file from another machine was left behind. */
const FOREIGN_AGE_MS = 24 * 60 * 60 * 1000;
/** Leaves room for the rest of the name within the file systems' limit of 255 bytes. */
const MOST_NAME_BYTES = 200;

/** The files that this process is writing. */
const ours = new Set<string>();

/** Creates a name for a file to be written; {@link releaseUnfinished} ends it. */
export function claimUnfinished(path: string): string {
  const name = `${prefixOf(path)}${space()}-${process.pid}-${randomBytes(4).toString('hex')}.unfinished`;
  const claimed = join(dirname(path), name);
  ours.add(claimed);
  return claimed;
}

export function releaseUnfinished(claimed: string): void {
  ours.delete(claimed);
}

/** Removes unfinished copies of a file left behind by processes that no longer run. Errors are ignored. */
export function removeUnfinished(path: string, nowMs = Date.now()): void {
  const prefix = prefixOf(path);
  const folder = dirname(path);
  for (const name of namesIn(folder)) {
    const [, itsSpace, pid] = name.startsWith(prefix)
      ? (UNFINISHED.exec(name.slice(prefix.length)) ?? [])
      : [];
    if (itsSpace === undefined) continue;
    const candidate = join(folder, name);
    const isLeft =
      itsSpace === space()
        ? !ours.has(candidate) && (Number(pid) === process.pid || !isRunning(Number(pid)))
        : isOlder(candidate, nowMs - FOREIGN_AGE_MS);
    if (isLeft) remove(candidate);
  }
}

function prefixOf(path: string): string {
  const name = basename(path);
  return `.${Buffer.byteLength(name) > MOST_NAME_BYTES ? digest(name) : name}.`;
}

/** Identifies the PID namespace of this process. */
function space(): string {
  return digest(`${hostname()} ${pidNamespace()}`);
}

function pidNamespace(): string {
  try {
    return readlinkSync('/proc/self/ns/pid');
  } catch {
    return '';
  }
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 8);
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

/** EPERM: a process of another user is running, although it can't be signalled. */
function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (cause) {
    return (cause as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}

function isOlder(path: string, thanMs: number): boolean {
  const stats = statSync(path, { throwIfNoEntry: false });
  return stats !== undefined && stats.mtimeMs < thanMs;
}

function remove(path: string): void {
  try {
    rmSync(path, { force: true });
  } catch {}
}
