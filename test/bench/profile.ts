import { readFileSync } from 'node:fs';
import { SourceMap } from 'node:module';
import { dirname, relative, resolve } from 'node:path';
import { styled } from '../../lib/cli/output/terminal.ts';
import { amount, type BenchmarkContext } from './benchmark.ts';
import { startAwsStub } from './function/aws-stub.ts';
import { readableFunction } from './function/build.ts';
import { withFunction } from './function/function-process.ts';
import { batches, packedMessages } from './messages.ts';
import { type FunctionTime, summarizeProfile, sumShares } from './profile-summary.ts';
import { LOG_ADDRESS_SHARE, traffic } from './records.ts';

const RECORDS = 150_000;
const WARM_UP_BATCHES = 5;
const SHOWN_FUNCTIONS = 15;
const SHOWN_FOLDERS = 12;
const ROOT = resolve(import.meta.dirname, '../..');

/** Runs the handler's benchmark under the processor profiler and says in which functions the time goes. */
export async function profileHandler(context: BenchmarkContext): Promise<string[]> {
  const build = await readableFunction();
  const stub = await startAwsStub();
  const records = amount(context, RECORDS);
  const all = [...batches(packedMessages(traffic({ records, addresses: records * LOG_ADDRESS_SHARE })))];
  try {
    return await withFunction(build, stub, async (invoked) => {
      for (const batch of all.slice(0, WARM_UP_BATCHES)) await invoked.invoke(batch);
      await invoked.startProfile();
      context.progress.step('profile', all.length);
      for (const [n, batch] of all.entries()) {
        await invoked.invoke(batch);
        context.progress.update(n + 1);
      }
      return profileLines(summarizeProfile(await invoked.stopProfile()), build.bundlePath);
    });
  } finally {
    await stub.close();
  }
}

function profileLines(times: readonly FunctionTime[], bundlePath: string): string[] {
  const sourceOf = createSourceLookup(bundlePath);
  const shown = times.slice(0, SHOWN_FUNCTIONS);
  const width = Math.max(...shown.map(({ name }) => name.length));
  const functions = shown.map(
    (time) => `${percent(time.selfShare)}  ${time.name.padEnd(width)}  ${styled('dim', sourceOf(time))}`,
  );
  const folders = sumShares(times, (time) => folderOf(sourceOf(time)) || time.name)
    .slice(0, SHOWN_FOLDERS)
    .map(([folder, share]) => `${percent(share)}  ${folder}`);
  return [
    styled('bold', 'Functions by the time spent in themselves, share of all busy time'),
    ...functions,
    '',
    styled('bold', 'The same by folder or package'),
    ...folders,
  ];
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`.padStart(7);
}

/** `lib/records`, or a package; empty if a function has no source. */
function folderOf(source: string): string {
  const depth = source.startsWith('node_modules/@') ? 3 : 2;
  return source.split('/').slice(0, depth).join('/');
}

/** Finds the file and line that a place in the bundle was made from, seen from the project's folder. */
function createSourceLookup(bundlePath: string): (time: FunctionTime) => string {
  const map = new SourceMap(JSON.parse(readFileSync(`${bundlePath}.map`, 'utf8')));
  return ({ url, line, column }) => {
    if (url.startsWith('node:')) return url;
    if (!url.endsWith(bundlePath)) return '';
    const origin = map.findEntry(line, column);
    if (!('originalSource' in origin)) return '';
    const path = relative(ROOT, resolve(dirname(bundlePath), origin.originalSource));
    return `${path}:${origin.originalLine + 1}`;
  };
}
