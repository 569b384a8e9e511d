import {
  MalformedAnswerError,
  type Provider,
  type ProviderAnswer,
  type ProviderErrorMeaning,
} from './provider.ts';
import { quietUntilMs } from './rate-limit.ts';

/** A provider's response to a question about one address. It never contains a key. */
export type AskOutcome = {
  /** Until when the provider asks for no requests, epoch milliseconds. */
  readonly quietUntilMs?: number | undefined;
} & (
  | { readonly status: 'answered'; readonly answer: ProviderAnswer }
  /** The provider itself rejects the key. */
  | { readonly status: 'bad_key' }
  /** Rate limit exceeded. */
  | { readonly status: 'limited' }
  /** The provider is down, slow, or its response makes no sense. */
  | { readonly status: 'failed'; readonly reason: string }
);

export interface Question {
  readonly provider: Provider;
  /** Without a path: `https://www.virustotal.com`. */
  readonly baseUrl: string;
  readonly address: string;
  readonly key: string;
  readonly signal: AbortSignal;
}

/** Ten times the size of VirusTotal's answer about an address. */
const MAX_BODY_BYTES = 512 * 1024;

/** Asks a provider about one address, once, over a keep-alive connection. Never throws: every result is an outcome. */
export async function askProvider(question: Question): Promise<AskOutcome> {
  const { provider, baseUrl, address, key, signal } = question;
  try {
    const response = await fetch(new URL(provider.path(address), baseUrl), {
      headers: { [provider.keyHeader]: key, accept: 'application/json' },
      // A key is sent to the provider only.
      redirect: 'manual',
      signal,
    });
    return await understand(response, question);
  } catch (error) {
    return { status: 'failed', reason: signal.aborted ? 'no answer in time' : describe(error) };
  }
}

async function understand(response: Response, question: Question): Promise<AskOutcome> {
  const { status, headers } = response;
  const { provider, address } = question;
  const isLimited = status === 429 && !isPage(headers);
  const quiet = { quietUntilMs: quietUntilMs(headers, isLimited, Date.now()) };
  if (status === 200) {
    const answer = provider.read(await readJson(response), address);
    return { status: 'answered', answer, ...quiet };
  }
  // Only the provider's own errors are lasting. A proxy or a protection service in front of it has its own status
  // codes.
  const meaning = status >= 400 && status < 500 ? await meaningOf(response, provider) : undefined;
  await response.body?.cancel().catch(() => {});
  if (isLimited || meaning === 'limited') return { status: 'limited', ...quiet };
  switch (meaning) {
    case 'unknown':
    case 'refused':
      return { status: 'answered', answer: { kind: meaning }, ...quiet };
    case 'bad_key':
      return { status: 'bad_key' };
    default:
      return {
        status: 'failed',
        reason: `status ${status}${isPage(headers) ? ' and a web page' : ''}`,
        ...quiet,
      };
  }
}

function isPage(headers: Headers): boolean {
  return /^(?:text\/html|application\/xhtml)/i.test(headers.get('content-type') ?? '');
}

/** @returns undefined if the error is not the provider's own */
async function meaningOf(response: Response, provider: Provider): Promise<ProviderErrorMeaning | undefined> {
  try {
    return provider.meaningOf(await readJson(response));
  } catch (error) {
    if (error instanceof MalformedAnswerError) return undefined;
    throw error;
  }
}

/** @throws MalformedAnswerError if the body is not JSON, or is larger than any answer */
async function readJson(response: Response): Promise<unknown> {
  const type = response.headers.get('content-type') ?? '';
  if (!/^application\/(?:[\w.-]+\+)?json\b/i.test(type)) {
    await response.body?.cancel();
    throw new MalformedAnswerError('the answer is not JSON');
  }
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    bytes += chunk.length;
    if (bytes > MAX_BODY_BYTES) throw new MalformedAnswerError('the answer is too large');
    chunks.push(chunk);
  }
  try {
    return JSON.parse(Buffer.concat(chunks).toString());
  } catch {
    // The error of JSON.parse quotes the text, which is untrusted.
    throw new MalformedAnswerError('the answer is not JSON');
  }
}

/** An error's own text may quote request headers: only our own text, or the system's code, is passed on. */
function describe(error: unknown): string {
  if (error instanceof MalformedAnswerError) return error.message;
  const { code } = ((error as { cause?: unknown })?.cause ?? error ?? {}) as { code?: unknown };
  return typeof code === 'string' && /^[A-Z_]{3,40}$/.test(code) ? code : 'no connection';
}
