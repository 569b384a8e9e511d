import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { closeServer, endpointOf, isForeign, listenOnLoopback } from './loopback.ts';

export interface Emulator {
  readonly endpoint: string;
  readonly address: AddressInfo;
  close(): Promise<void>;
}

/** Answers one request with a status, a content type, a body and optional further headers. */
export type Responder = (request: {
  readonly method: string;
  /** Path of the URL, with its query. */
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}) => {
  readonly status: number;
  readonly contentType: string;
  readonly body: string;
  readonly headers?: Readonly<Record<string, string>>;
};

/** Starts an emulator in this process, on the loopback interface only. */
export async function startEmulator(respond: Responder, port?: number): Promise<Emulator> {
  const server = createServer((request, response) => {
    if (isForeign(request.headers)) response.writeHead(403).end();
    else answer(respond, request, response).catch(() => response.destroy());
  });
  const address = await listenOnLoopback(server, port);
  return {
    endpoint: endpointOf(address),
    address,
    close: () => closeServer(server),
  };
}

async function answer(respond: Responder, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { status, contentType, body, headers } = respond({
    method: request.method ?? '',
    path: request.url ?? '',
    headers: request.headers,
    body: await text(request),
  });
  response.writeHead(status, { ...headers, 'content-type': contentType }).end(body);
}
