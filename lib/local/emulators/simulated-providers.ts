import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { closeServer, endpointOf, isForeign, listenOnLoopback } from './loopback.ts';
import { simulatedCheck, simulatedIpAddress } from './simulated-bodies.ts';

export interface SimulatedProviders {
  /** Base URL of both providers. */
  readonly baseUrl: string;
  close(): Promise<void>;
}

/** One received call. */
export interface ProviderCall {
  readonly provider: 'virustotal' | 'abuseipdb';
  readonly address: string;
  /** Empty if there was none. */
  readonly key: string;
  /** Epoch milliseconds. */
  readonly atMs: number;
}

/** A provider's answer. */
export interface ProviderReply {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface SimulationOptions {
  /** Response time, milliseconds; similar to the real ones by default. */
  readonly latencyMs?: number;
  /** Overrides the simulated answer, or never answers if it returns `hang`; undefined keeps the simulated answer. */
  readonly intercept?: (call: ProviderCall) => ProviderReply | 'hang' | undefined;
}

const DEFAULT_LATENCY_MS = 120;

/**
 * Starts simulations of VirusTotal and AbuseIPDB on this machine. Answers have the form of the real ones; their content
 * is made up, and always the same for an address.
 */
export async function startSimulatedProviders(options: SimulationOptions = {}): Promise<SimulatedProviders> {
  const server = createServer((request, response) => {
    if (isForeign(request.headers)) response.writeHead(403).end();
    else answer(request, response, options).catch(() => response.destroy());
  });
  const address = await listenOnLoopback(server);
  return {
    baseUrl: endpointOf(address),
    close: () => closeServer(server),
  };
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  { latencyMs = DEFAULT_LATENCY_MS, intercept }: SimulationOptions,
): Promise<void> {
  request.resume();
  const call = readCall(request);
  const reply = (call && intercept?.(call)) ?? replyTo(call);
  if (reply === 'hang') return;
  await sleep(latencyMs);
  response.writeHead(reply.status, { 'content-type': 'application/json', ...reply.headers }).end(reply.body);
}

function readCall({ url = '', headers }: IncomingMessage): ProviderCall | undefined {
  const { pathname, searchParams } = new URL(url, 'http://127.0.0.1');
  const [, inPath] = /^\/api\/v3\/ip_addresses\/([^/]+)$/.exec(pathname) ?? [];
  const atMs = Date.now();
  if (inPath !== undefined) {
    const key = String(headers['x-apikey'] ?? '');
    return { provider: 'virustotal', address: decodeURIComponent(inPath), key, atMs };
  }
  if (pathname !== '/api/v2/check') return undefined;
  return {
    provider: 'abuseipdb',
    address: searchParams.get('ipAddress') ?? '',
    key: String(headers.key ?? ''),
    atMs,
  };
}

function replyTo(call: ProviderCall | undefined): ProviderReply {
  if (call === undefined) return { status: 404, body: '{"error":{"code":"NotFoundError"}}' };
  if (call.key === '') return keyRefusal(call.provider);
  const draw = drawOf(call.address);
  if (call.provider === 'abuseipdb') return { status: 200, body: simulatedCheck(call.address, draw) };
  const body = simulatedIpAddress(call.address, draw);
  return body === undefined
    ? { status: 404, body: `{"error":{"code":"NotFoundError","message":"${call.address} not found"}}` }
    : { status: 200, body };
}

/** A provider's answer to a rejected key. */
export function keyRefusal(provider: ProviderCall['provider']): ProviderReply {
  const body =
    provider === 'virustotal'
      ? { error: { code: 'WrongCredentialsError', message: 'Wrong API key' } }
      : { errors: [{ detail: 'Authentication failed.', status: 401 }] };
  return { status: 401, body: JSON.stringify(body) };
}

/** A number from 0 to 1 derived from an address. */
function drawOf(address: string): number {
  return createHash('sha256').update(address).digest().readUInt32BE() / 0xffff_ffff;
}
