import { messageOf } from '../errors.ts';
import { type Emulator, startEmulator } from './emulator.ts';
import { ParameterStore, ParameterStoreError, type ParameterStoreOptions } from './parameter-store.ts';

const TARGET = 'AmazonSSM.';

/** Starts a Parameter Store emulator in this process, without parameters unless `file` has some from an earlier run. */
export async function startSsmEmulator(
  options: ParameterStoreOptions & { readonly port?: number | undefined } = {},
): Promise<Emulator> {
  const store = new ParameterStore(options);
  return await startEmulator(({ headers, body }) => {
    const { status, answer } = respond(store, String(headers['x-amz-target'] ?? ''), body);
    return { status, contentType: 'application/x-amz-json-1.1', body: JSON.stringify(answer) };
  }, options.port);
}

/** AWS JSON 1.1: the operation is named in a header, an error in the body. */
function respond(store: ParameterStore, target: string, body: string) {
  const operation = target.startsWith(TARGET) ? target.slice(TARGET.length) : target;
  try {
    return { status: 200, answer: store.answer(operation, parsed(body)) };
  } catch (error) {
    const isKnown = error instanceof ParameterStoreError;
    return {
      status: isKnown ? 400 : 500,
      answer: { __type: isKnown ? error.name : 'InternalServerError', message: messageOf(error) },
    };
  }
}

function parsed(body: string): Readonly<Record<string, unknown>> {
  try {
    const request: unknown = JSON.parse(body);
    if (typeof request === 'object' && request !== null) return request as Record<string, unknown>;
  } catch {}
  throw new ParameterStoreError('SerializationException', 'expected a JSON object');
}
