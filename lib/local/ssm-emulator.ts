import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { messageOf } from './errors.ts';
import { endpointOf, isForeign, listenOnLoopback } from './loopback.ts';
import { ParameterStore, ParameterStoreError } from './parameter-store.ts';

export interface SsmEmulator {
  readonly endpoint: string;
  readonly address: AddressInfo;
  close(): Promise<void>;
}

const TARGET = 'AmazonSSM.';

/** Starts Parameter Store in this process, without parameters unless `file` has some from an earlier run. */
export async function startSsmEmulator(
  options: { readonly file?: string | undefined } = {},
): Promise<SsmEmulator> {
  const store = new ParameterStore(options.file);
  const server = createServer((request, response) => {
    if (isForeign(request.headers)) response.writeHead(403).end();
    else respond(store, request, response).catch(() => response.destroy());
  });
  const address = await listenOnLoopback(server);
  return {
    endpoint: endpointOf(address),
    address,
    close: () =>
      new Promise((resolve, reject) => {
        server.close((error) => (error ? reject(error) : resolve()));
        server.closeAllConnections();
      }),
  };
}

/** AWS JSON 1.1: the operation is in a header, an error is named in its body. */
async function respond(
  store: ParameterStore,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const target = String(request.headers['x-amz-target'] ?? '');
  const operation = target.startsWith(TARGET) ? target.slice(TARGET.length) : target;
  const body = await text(request);
  let status = 200;
  let answer: unknown;
  try {
    answer = store.answer(operation, parsed(body));
  } catch (error) {
    const isKnown = error instanceof ParameterStoreError;
    status = isKnown ? 400 : 500;
    answer = { __type: isKnown ? error.name : 'InternalServerError', message: messageOf(error) };
  }
  response.writeHead(status, { 'content-type': 'application/x-amz-json-1.1' }).end(JSON.stringify(answer));
}

function parsed(body: string): Readonly<Record<string, unknown>> {
  try {
    const request: unknown = JSON.parse(body);
    if (typeof request === 'object' && request !== null) return request as Record<string, unknown>;
  } catch {}
  throw new ParameterStoreError('SerializationException', 'expected a JSON object');
}
