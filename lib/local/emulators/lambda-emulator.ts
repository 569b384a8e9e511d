import { type Emulator, startEmulator } from './emulator.ts';

/** The event source mapping, as far as clients ask for it. */
export interface EventSourceMapping {
  readonly uuid: string;
  readonly functionArn: string;
  readonly queueArn: string;
  readonly isEnabled: () => boolean;
}

/** Starts a Lambda emulator in this process that describes the event source mapping. */
export async function startLambdaEmulator(mapping: EventSourceMapping, port?: number): Promise<Emulator> {
  return await startEmulator(({ method, path }) => {
    const isAsked = method === 'GET' && path.startsWith(`${MAPPINGS}/`);
    if (!isAsked) return failure(400, 'UnknownOperationException', `${method} ${path} is not emulated`);
    const uuid = decodeURIComponent(path.slice(MAPPINGS.length + 1));
    if (uuid !== mapping.uuid) return failure(404, 'ResourceNotFoundException', `there is no ${uuid}`);
    return json(200, {
      UUID: uuid,
      EventSourceArn: mapping.queueArn,
      FunctionArn: mapping.functionArn,
      State: mapping.isEnabled() ? 'Enabled' : 'Disabled',
      StateTransitionReason: 'USER_INITIATED',
    });
  }, port);
}

const MAPPINGS = '/2015-03-31/event-source-mappings';

function failure(status: number, type: string, message: string) {
  return { ...json(status, { Type: 'User', Message: message }), headers: { 'x-amzn-errortype': type } };
}

function json(status: number, content: object) {
  return { status, contentType: 'application/json', body: JSON.stringify(content) };
}
