import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import * as z from 'zod';
import { replaceFile } from '../../../files/output-file.ts';
import { isWritableFolder, userRuntimeFolder } from '../../../files/user-folders.ts';
import { CliError } from '../../cli-error.ts';
import { ENVIRONMENT_VARIABLE } from '../target/resources.ts';

/** The note that a running stack leaves for other commands of its user. */
const note = z.strictObject({
  pid: z.int().min(1),
  startedAtMs: z.int().min(0),
  variables: z.record(z.string(), z.string()),
});

type Note = z.infer<typeof note>;

const PATTERN = /^stack-\d+\.json$/;
const CONNECT_MS = 1_000;

/**
 * Writes a note of how to reach this process's stack, for commands with --local. If it can't be written, those commands
 * don't find the stack, but its variables still work.
 *
 * @returns a function that removes the note
 */
export function noteRunningStack(variables: Readonly<Record<string, string>>): () => void {
  const folder = userRuntimeFolder();
  if (!isWritableFolder(folder)) return () => {};
  const path = join(folder, `stack-${process.pid}.json`);
  const content: Note = { pid: process.pid, startedAtMs: Date.now(), variables };
  try {
    replaceFile(path, `${JSON.stringify(content)}\n`);
  } catch {
    return () => {};
  }
  return () => rmSync(path, { force: true });
}

/**
 * The variables of this user's most recently started stack that is still running. Notes of killed stacks are removed.
 *
 * @throws {CliError} if none is running
 */
export async function runningStackVariables(): Promise<Readonly<Record<string, string>>> {
  const folder = userRuntimeFolder();
  const found: Note[] = [];
  for (const name of namesIn(folder)) {
    const path = join(folder, name);
    const read = readNote(path);
    if (read !== undefined && isAlive(read.pid)) found.push(read);
    else rmSync(path, { force: true });
  }
  for (const { variables } of found.sort((a, b) => b.startedAtMs - a.startedAtMs)) {
    // A killed process's id may have been reused.
    if (await answers(variables.AWS_ENDPOINT_URL_SQS)) return variables;
  }
  throw new CliError('you have no embedded stack running: start one with `threat-consensus local`');
}

/**
 * Points this process's commands at the running stack, overriding the shell's variables.
 *
 * @throws {CliError} if none is running
 */
export async function useRunningStack(): Promise<void> {
  const variables = await runningStackVariables();
  Reflect.deleteProperty(process.env, ENVIRONMENT_VARIABLE);
  Object.assign(process.env, variables);
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder).filter((name) => PATTERN.test(name));
  } catch {
    return [];
  }
}

function readNote(path: string): Note | undefined {
  try {
    return note.parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch {
    return undefined;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: the process exists but belongs to another user, so it is not the noted one.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

async function answers(endpoint = ''): Promise<boolean> {
  const url = URL.parse(endpoint);
  if (url === null) return false;
  const socket = connect({ host: url.hostname, port: Number(url.port), timeout: CONNECT_MS });
  const { promise, resolve } = Promise.withResolvers<boolean>();
  socket.once('connect', () => resolve(true));
  socket.once('timeout', () => resolve(false));
  socket.once('error', () => resolve(false));
  try {
    return await promise;
  } finally {
    socket.destroy();
  }
}
