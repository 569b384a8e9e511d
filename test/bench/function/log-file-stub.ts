import { hash } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { pipeline, Readable } from 'node:stream';

/** An object as large as one likes: nobody holds it whole. */
export interface StubObject {
  readonly size: number;
  /** Its bytes from a place on. */
  read(from: number): AsyncIterable<Buffer>;
}

/**
 * Stands in for S3, SQS and DynamoDB on the loopback interface, for the function that reads log files: has one object
 * under any name, keeps how far it was read, and counts messages without keeping them.
 */
export interface LogFileStub {
  readonly endpoint: string;
  /** Records and messages that the work queue has had so far. */
  readonly sent: { readonly messages: number; readonly bytes: number };
  /** Messages that have the object read on. */
  readonly continuations: number;
  /** Bytes of the object that were fetched. */
  readonly fetchedBytes: number;
  /** Entries that the function has noted as read. */
  readonly entriesRead: number;
  readonly state: string | undefined;
  close(): Promise<void>;
}

export const STUB_ETAG = 'stub';

export async function startLogFileStub(object: StubObject): Promise<LogFileStub> {
  const stub = new Stub(object);
  const server = createServer((request, response) => {
    stub.answer(request, response).catch(() => response.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return Object.assign(stub, {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  });
}

/** A value as DynamoDB's protocol has it. */
type AttributeValue = Readonly<Record<string, unknown>>;

class Stub {
  readonly sent = { messages: 0, bytes: 0 };
  continuations = 0;
  fetchedBytes = 0;
  state: string | undefined;
  readonly #object: StubObject;
  #item: Record<string, AttributeValue> = {};

  constructor(object: StubObject) {
    this.#object = object;
  }

  get entriesRead(): number {
    const { counts } = (this.#item.progress?.M ?? {}) as { counts?: { M: { read: { N: string } } } };
    return Number(counts?.M.read.N ?? 0);
  }

  async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const operation = String(request.headers['x-amz-target'] ?? '').replace(/^.*\./, '');
    if (operation === '') this.#sendObject(request, response);
    else {
      const body = await readBody(request);
      const answer = this.#answerTo(operation, body);
      response.setHeader('content-type', 'application/x-amz-json-1.0').end(JSON.stringify(answer));
    }
  }

  #sendObject(request: IncomingMessage, response: ServerResponse): void {
    const [, start = '0', end] = /^bytes=(\d+)-(\d*)$/.exec(request.headers.range ?? '') ?? [];
    const { size } = this.#object;
    const from = Number(start);
    const to = end ? Math.min(size, Number(end) + 1) : size;
    response.writeHead(request.headers.range === undefined ? 200 : 206, {
      etag: `"${STUB_ETAG}"`,
      'content-length': to - from,
      'content-range': `bytes ${from}-${to - 1}/${size}`,
    });
    // A reader that has seen enough hangs up.
    pipeline(Readable.from(this.#counted(from, to), { highWaterMark: 1 }), response, () => {});
  }

  async *#counted(from: number, to: number): AsyncGenerator<Buffer> {
    let left = to - from;
    for await (const chunk of this.#object.read(from)) {
      const piece = chunk.subarray(0, left);
      left -= piece.length;
      this.fetchedBytes += piece.length;
      yield piece;
      if (left === 0) return;
    }
  }

  #answerTo(operation: string, body: Buffer): unknown {
    const request = JSON.parse(body.toString());
    switch (operation) {
      case 'UpdateItem':
        return this.#update(request);
      case 'SendMessageBatch':
        return { Successful: (request as { Entries: Entry[] }).Entries.map((entry) => this.#send(entry)) };
      case 'SendMessage':
        this.continuations++;
        return { MessageId: 'sent', MD5OfMessageBody: hash('md5', request.MessageBody, 'hex') };
      default:
        return {};
    }
  }

  #send({ Id, MessageBody }: Entry) {
    this.sent.messages++;
    this.sent.bytes += Buffer.byteLength(MessageBody);
    return { Id, MessageId: 'sent', MD5OfMessageBody: hash('md5', MessageBody, 'hex') };
  }

  /** Knows the two updates that the function makes: a claim, which wants the item back, and a note. */
  #update({ ExpressionAttributeValues: values, ReturnValues, Key }: Update): unknown {
    const isClaim = ReturnValues === 'ALL_NEW';
    for (const [name, value] of Object.entries(values)) {
      const attribute = name.slice(1);
      if (!(isClaim && attribute in this.#item)) this.#item[attribute] = value;
    }
    this.state = String((this.#item.object_state ?? this.#item.reading)?.S);
    const attempts = { N: '1' };
    return { Attributes: { ...Key, ...this.#item, object_state: { S: 'reading' }, attempts } };
  }
}

interface Entry {
  readonly Id: string;
  readonly MessageBody: string;
}

interface Update {
  readonly Key: Record<string, AttributeValue>;
  readonly ExpressionAttributeValues: Record<string, AttributeValue>;
  readonly ReturnValues?: string;
}

async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}
