import type { QueueAccess } from '../../../aws/queue-access.ts';
import { isSameFile } from '../../../files/same-file.ts';
import {
  type PushedWindow,
  pushWindows,
  rehearse,
  windowFingerprint,
} from '../../../ingestion/push-windows.ts';
import type { Log } from '../../../logs/log.ts';
import { ReadableEntries } from '../../../logs/readable-entries.ts';
import { addTotals } from '../../../logs/totals.ts';
import {
  messagesOf,
  type Packing,
  singleMessagesOf,
  WINDOW,
  type Window,
  type WindowSize,
  windowsOf,
} from '../../../logs/windows.ts';
import { createLocality } from '../../../records/locality.ts';
import { CliError } from '../../cli-error.ts';
import { INVALID_SHOWN, type PushState } from '../../results/push-state.ts';
import type { Interruption } from '../interruption.ts';
import { type Checkpoint, readCheckpoint, writeCheckpoint } from './checkpoint.ts';
import { createPace } from './pace.ts';
import { RejectsFile } from './rejects-file.ts';

export interface PushLogOptions {
  /** Undefined: nothing is sent. */
  readonly queue: QueueAccess | undefined;
  /** The log's file, if it is one. */
  readonly inputPath: string | undefined;
  readonly homeNetworks: readonly string[];
  readonly checkpointPath: string | undefined;
  readonly rejectsPath: string | undefined;
  /** Records per second. */
  readonly rate: number | undefined;
  readonly windowSize?: WindowSize;
  readonly interruption: Interruption;
  readonly onProgress: (sent: number) => void;
  /** Sends one record per message, as log shippers do, instead of packing. */
  readonly isSingle?: boolean;
  /** Name of the log's sensor, so that the queue keeps a busy sensor from delaying others. */
  readonly sensor?: string | undefined;
}

/**
 * Packs the connections of a log and sends them, window by window, from the checkpoint on if there is one.
 *
 * @param state kept up to date with the windows whose messages are all on the queue
 * @throws {ServiceError} if a message could not be sent
 * @throws {InputDamagedError} if only part of the input can be read; everything before the damage is on the queue
 * @throws {FileError} if checkpoint or rejects can't be written; nothing has been sent if this shows at the start
 * @throws {InterruptedError} if the user interrupted it; messages in flight are on the queue then
 */
export async function pushLog(log: Log, options: PushLogOptions, state: PushState): Promise<void> {
  const { checkpointPath, homeNetworks, interruption, isSingle = false } = options;
  const packing = isSingle ? singleMessagesOf : messagesOf;
  const found = checkpointPath === undefined ? undefined : readCheckpoint(checkpointPath);
  // Before the first window is complete, any input and format is accepted.
  const checkpoint = found?.last.read === 0 ? undefined : found;
  Object.assign(state, { format: log.format, unit: log.unit });
  if (checkpoint !== undefined) resume(state, checkpoint, homeNetworks, isSingle);
  // Other windows would give other messages, and those in flight when the earlier push ended would be stored twice.
  const windowSize = found?.window ?? options.windowSize ?? WINDOW;
  const rejects =
    options.rejectsPath === undefined
      ? undefined
      : openRejects(options.rejectsPath, options.inputPath, log.unit, checkpoint?.rejectsBytes ?? 0);

  const save = (last: Checkpoint['last']) => {
    if (checkpointPath === undefined || options.queue === undefined) return;
    writeCheckpoint(checkpointPath, {
      version: 1,
      format: log.format,
      home: homeNetworks,
      single: isSingle,
      totals: state.totals,
      requests: state.requests,
      last,
      rejectsBytes: rejects?.bytes ?? 0,
      window: windowSize,
    });
    state.covered = state.totals.sent - sentBefore;
  };
  const sentBefore = state.totals.sent;
  const onWindow = ({ totals, invalid, fingerprint }: PushedWindow) => {
    state.totals = addTotals(state.totals, totals);
    state.invalid.push(...invalid.slice(0, INVALID_SHOWN - state.invalid.length));
    rejects?.write(invalid);
    save({ read: totals.read, fingerprint });
  };
  const pace = createPace(options.rate);
  const pushOptions = {
    packing,
    messageGroup: options.sensor,
    onWindow,
    onSent: ({ records }: { readonly records: readonly unknown[] }) => {
      state.accepted += records.length;
      options.onProgress(sentBefore + state.accepted);
    },
    onRequest: () => {
      state.requests++;
    },
    beforeBatch: async (batch: readonly { readonly records: readonly unknown[] }[]) => {
      const records = batch.reduce((sum, message) => sum + message.records.length, 0);
      await Promise.race([pace(records), interruption.promise]);
    },
  };
  try {
    // Written before anything is sent: if progress can't be saved, records would be sent twice.
    save(checkpoint?.last ?? NO_WINDOW);
    const readable = new ReadableEntries(log.entries);
    const windows = untilInterrupted(
      windowsFrom(readable, checkpoint, homeNetworks, windowSize, packing),
      interruption,
    );
    if (options.queue === undefined) await rehearse(windows, pushOptions);
    else await pushWindows(options.queue, windows, pushOptions);
    if (readable.damage !== undefined) throw readable.damage;
  } finally {
    rejects?.close();
  }
}

/** @throws {CliError} if the rejects would overwrite the input */
function openRejects(path: string, input: string | undefined, unit: string, keptBytes: number): RejectsFile {
  if (input !== undefined && isSameFile(path, input)) {
    throw new CliError(`${path} is the input: name another file for the rejects`, 2);
  }
  return new RejectsFile(path, unit, keptBytes);
}

/** The checkpoint of a push that has not sent a whole window yet. */
const NO_WINDOW: Checkpoint['last'] = { read: 0, fingerprint: '' };

/** @throws {CliError} if the checkpoint belongs to another push */
function resume(
  state: PushState,
  checkpoint: Checkpoint,
  homeNetworks: readonly string[],
  isSingle: boolean,
): void {
  const { format, home, totals, requests } = checkpoint;
  if (format !== state.format) {
    throw new CliError(`the checkpoint belongs to a push as ${format}, but this one is as ${state.format}`);
  }
  if (home.join() !== homeNetworks.join()) {
    throw new CliError(
      `the checkpoint belongs to a push ${home.length === 0 ? 'without --home: leave it out' : `with --home ${home.join()}: use the same`}`,
    );
  }
  if (checkpoint.single !== isSingle) {
    const [then, now] = isSingle ? ['without', 'leave it out'] : ['with', 'add it'];
    throw new CliError(`the checkpoint belongs to a push ${then} --single: ${now}`);
  }
  Object.assign(state, { totals, requests, resumedAfter: totals.read });
}

/**
 * The remaining windows. The last one sent is packed again to verify that the input is the same; it may only have
 * grown.
 *
 * @throws {CliError} if the input has changed
 */
async function* windowsFrom(
  entries: ReadableEntries,
  checkpoint: Checkpoint | undefined,
  homeNetworks: readonly string[],
  size: WindowSize,
  packing: Packing,
): AsyncGenerator<Window> {
  const options = { isLocal: createLocality(homeNetworks), size, isDoubtful: () => entries.isDoubtful };
  if (checkpoint === undefined) {
    yield* windowsOf(entries, options);
    return;
  }
  const { last, totals } = checkpoint;
  let isKnown = false;
  const firstWindowEntries = last.read;
  for await (const window of windowsOf(entries, {
    ...options,
    skip: totals.read - last.read,
    firstWindowEntries,
  })) {
    if (isKnown) yield window;
    else if (window.read === last.read && windowFingerprint(window, packing) === last.fingerprint)
      isKnown = true;
    else break;
  }
  if (!isKnown) {
    throw new CliError('the checkpoint was written for a different input: remove it to push everything');
  }
}

async function* untilInterrupted(
  windows: AsyncIterable<Window>,
  interruption: Interruption,
): AsyncGenerator<Window> {
  for await (const window of windows) {
    interruption.throwIfInterrupted();
    yield window;
  }
}
