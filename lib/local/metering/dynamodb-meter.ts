import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { TableDefinition } from '../template/service-definition.ts';
import { UNITS_BY_OPERATION } from './dynamodb-capacity.ts';
import type { UsageMeter } from './usage.ts';

/** The one failure that is charged like a success. */
const CHARGED_FAILURE = 'ConditionalCheckFailedException';

/** Counts the requests to a DynamoDB emulator's server and the capacity that they consume, without changing them. */
export function meterDynamoDb(server: Server, table: TableDefinition, meter: UsageMeter): void {
  server.on('request', (request, response) => {
    const operation = String(request.headers['x-amz-target'] ?? 'unknown').replace(/^.*\./, '');
    meter.countDynamoDbRequest(operation);

    const unitsOf = UNITS_BY_OPERATION[operation];
    if (!unitsOf) return;
    const requestBody = collectRequest(request);
    onResponseBody(response, (responseBody) => {
      if (response.statusCode !== 200 && !responseBody.includes(CHARGED_FAILURE)) return;
      const units = unitsOf(JSON.parse(requestBody()), JSON.parse(responseBody), table);
      meter.addWriteUnits(units.write);
      meter.addReadUnits(units.read);
    });
  });
}

function collectRequest(request: IncomingMessage): () => string {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  return () => Buffer.concat(chunks).toString();
}

/** Calls back with the body of a response that was sent in one piece, after it was sent. */
function onResponseBody(response: ServerResponse, callback: (body: string) => void): void {
  const end = response.end;
  response.end = function (this: ServerResponse, ...args: unknown[]) {
    if (typeof args[0] === 'string') callback(args[0]);
    return Reflect.apply(end, this, args);
  } as typeof end;
}
