import { once } from 'node:events';
import type { IncomingMessage, RequestListener, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout } from 'node:timers/promises';
import dynalite from 'dynalite';
import { meterDynamoDb } from '../metering/dynamodb-meter.ts';
import type { UsageMeter } from '../metering/usage.ts';
import type { TableDefinition } from '../template/service-definition.ts';
import { closeServer, endpointOf, isForeign, listenOnLoopback } from './loopback.ts';

export interface DynamoDbEmulator {
  readonly endpoint: string;
  readonly address: AddressInfo;
  /** Answers requests in progress, cuts open connections, and releases the files. */
  close(): Promise<void>;
}

/** Longer than any request takes once it has been received. */
const GRACE_MS = 2_000;

/** Starts a DynamoDB emulator in this process, without tables unless `folder` has some from an earlier run. */
export async function startDynamoDbEmulator(options: {
  readonly table: TableDefinition;
  readonly meter: UsageMeter;
  readonly folder?: string | undefined;
  readonly port?: number | undefined;
}): Promise<DynamoDbEmulator> {
  const server = dynalite({ createTableMs: 0, ...(options.folder && { path: options.folder }) });
  const begun = new Set<ServerResponse>();
  let isClosing = false;
  guardRequests(server, (response) => {
    if (isClosing) return false;
    begun.add(response);
    response.once('close', () => begun.delete(response));
    return true;
  });
  server.on('request', tolerateAbortedRequest);
  meterDynamoDb(server, options.table, options.meter);
  const address = await listenOnLoopback(server, options.port);
  return {
    endpoint: endpointOf(address),
    address,
    close: async () => {
      isClosing = true;
      // If its files are closed during a request, dynalite throws, which would end the process.
      const answered = Promise.allSettled([...begun].map((response) => once(response, 'close')));
      await Promise.race([answered, setTimeout(GRACE_MS, undefined, { ref: false })]);
      await closeServer(server);
    },
  };
}

/** Rejects unwanted requests, including those of web pages in the user's browser, which dynalite would answer. */
function guardRequests(server: Server, letIn: (response: ServerResponse) => boolean): void {
  const listeners = server.listeners('request') as RequestListener[];
  server.removeAllListeners('request');
  server.on('request', (request, response) => {
    if (isForeign(request.headers)) response.writeHead(403).end();
    else if (!letIn(response)) request.destroy();
    else for (const listener of listeners) listener.call(server, request, response);
  });
}

/**
 * dynalite throws if a client disconnects in the middle of a request, as a killed function does; that would end the
 * process.
 */
function tolerateAbortedRequest(request: IncomingMessage): void {
  request.removeAllListeners('error');
  request.on('error', () => {});
}
