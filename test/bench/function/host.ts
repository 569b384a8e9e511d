/**
 * The process that holds the function under measurement: loads the bundle named on the command line, then invokes its
 * handler as asked over the process's message channel, once at a time. Bundled before it runs, so that nothing but the
 * function takes memory.
 */
import { readFileSync } from 'node:fs';
import { Session } from 'node:inspector/promises';
import type { HostAnswer, HostRequest, Invocation } from './host-protocol.ts';

type Handler = (event: unknown, context: unknown) => Promise<unknown>;

const SAMPLING_INTERVAL_MICROSECONDS = 250;

let logBytes = 0;
process.stdout.write = (chunk: string | Uint8Array) => {
  logBytes += Buffer.byteLength(chunk);
  return true;
};

const session = new Session();
const cpuBeforeImport = process.cpuUsage();
const { handler } = (await import(process.argv[2] ?? '')) as { handler: Handler };
send({ type: 'ready', importCpuMs: cpuMillisecondsSince(cpuBeforeImport) });

process.on('disconnect', () => process.exit());
process.on('message', async (request: HostRequest) => {
  try {
    send(await answer(request));
  } catch (error) {
    send({ type: 'failed', reason: String(error) });
  }
});

function send(message: HostAnswer): void {
  process.send?.(message);
}

async function answer(request: HostRequest): Promise<HostAnswer> {
  switch (request.type) {
    case 'invoke':
      return { type: 'returned', invocation: await invoke(request) };
    case 'start_profile':
      session.connect();
      await session.post('Profiler.enable');
      await session.post('Profiler.setSamplingInterval', { interval: SAMPLING_INTERVAL_MICROSECONDS });
      await session.post('Profiler.start');
      return { type: 'profiling' };
    case 'stop_profile':
      return { type: 'profile', ...(await session.post('Profiler.stop')) };
  }
}

async function invoke({ eventJson, timeoutMs }: HostRequest & { type: 'invoke' }): Promise<Invocation> {
  const logBytesBefore = logBytes;
  const cpuBefore = process.cpuUsage();
  const wallBefore = performance.now();
  const response = await handler(JSON.parse(eventJson), {
    functionName: 'benchmark',
    awsRequestId: 'request',
    memoryLimitInMB: process.env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE,
    invokedFunctionArn: 'arn:aws:lambda:us-east-1:000000000000:function:benchmark',
    getRemainingTimeInMillis: () => timeoutMs - (performance.now() - wallBefore),
  });
  const responseJson = JSON.stringify(response);
  const wallMs = performance.now() - wallBefore;
  return {
    wallMs,
    cpuMs: cpuMillisecondsSince(cpuBefore),
    peakBytes: peakBytes(),
    logBytes: logBytes - logBytesBefore,
    responseJson,
  };
}

function cpuMillisecondsSince(before: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

/** On Linux `resourceUsage().maxRSS` of a child process starts from its parent's size; the high-water mark does not. */
function peakBytes(): number {
  if (process.platform !== 'linux') return process.resourceUsage().maxRSS * 1024;
  const [, kilobytes] = /^VmHWM:\s+(\d+) kB/m.exec(readFileSync('/proc/self/status', 'utf8')) ?? [];
  return Number(kilobytes) * 1024;
}
