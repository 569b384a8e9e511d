import type { IncomingMessage, RequestListener, Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import dynalite from 'dynalite';
import { meterDynamoDb } from './dynamodb-meter.ts';
import { closeServer, endpointOf, isForeign, listenOnLoopback } from './loopback.ts';
import type { TableDefinition } from './service-definition.ts';
import type { UsageMeter } from './usage.ts';

export interface DynamoDbEmulator {
  readonly endpoint: string;
  readonly address: AddressInfo;
  /** Cuts open connections, finishes what they had begun, and releases the files. */
  close(): Promise<void>;
}

/** Starts DynamoDB in this process, without tables unless `folder` has some from an earlier run. */
export async function startDynamoDbEmulator(options: {
  readonly table: TableDefinition;
  readonly meter: UsageMeter;
  readonly folder?: string | undefined;
}): Promise<DynamoDbEmulator> {
  const server = dynalite({ createTableMs: 0, ...(options.folder && { path: options.folder }) });
  refuseForeignRequests(server);
  server.on('request', tolerateAbortedRequest);
  meterDynamoDb(server, options.table, options.meter);
  const address = await listenOnLoopback(server);
  return {
    endpoint: endpointOf(address),
    address,
    close: () => closeServer(server),
  };
}

/** dynalite would answer a page of any site that the user's browser shows. */
function refuseForeignRequests(server: Server): void {
  const listeners = server.listeners('request') as RequestListener[];
  server.removeAllListeners('request');
  server.on('request', (request, response) => {
    if (isForeign(request.headers)) response.writeHead(403).end();
    else for (const listener of listeners) listener.call(server, request, response);
  });
}

/** dynalite throws when a client goes away amid a request, as a killed function does; that would end the process. */
function tolerateAbortedRequest(request: IncomingMessage): void {
  request.removeAllListeners('error');
  request.on('error', () => {});
}
