import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { readLog } from '../../logs/read-log.ts';
import type { ConnectionRecord } from '../../records/connection-record.ts';
import { EvaluationError } from '../evaluation-error.ts';

/** A connection with its label. */
export interface LabelledConnection {
  readonly record: ConnectionRecord;
  /** Undefined if the label says neither. */
  readonly isMalicious: boolean | undefined;
}

export interface LabelledLog {
  readonly name: string;
  readonly sha256: string;
  readonly connections: readonly LabelledConnection[];
}

/**
 * Reads a sensor's log with a column `label`, whose values begin with `Malicious` or `Benign`. The label is removed
 * from the record here, so no scorer ever sees it.
 *
 * @throws {EvaluationError} if no connection is labelled
 */
export async function readLabelledLog(path: string): Promise<LabelledLog> {
  const log = await readLog({ chunks: createReadStream(path), path });
  const connections: LabelledConnection[] = [];
  for await (const batch of log.entries) {
    for (const entry of batch) {
      if (entry.kind === 'connection') connections.push(unlabelled(entry.record));
    }
  }
  const name = basename(path);
  if (connections.every(({ isMalicious }) => isMalicious === undefined)) {
    throw new EvaluationError(`${name}: no connection has a label that begins with Malicious or Benign`);
  }
  return {
    name,
    sha256: createHash('sha256')
      .update(await readFile(path))
      .digest('hex'),
    connections,
  };
}

function unlabelled(labelled: ConnectionRecord): LabelledConnection {
  const { label, detailedlabel: _, ...record } = labelled;
  const text = String(label).toLowerCase();
  const isMalicious = text.startsWith('malicious') ? true : text.startsWith('benign') ? false : undefined;
  return { record: record as ConnectionRecord, isMalicious };
}
