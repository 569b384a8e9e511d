import { readFileSync } from 'node:fs';
import { withFile } from '../../../files/file-error.ts';
import { chooseFeeds, type FeedChoice, feedChoice } from '../../../intelligence/feeds/choose-feeds.ts';
import type { Feed } from '../../../intelligence/feeds/feed.ts';
import { CliError } from '../../cli-error.ts';

/** @param path a JSON file with changes to the catalogue; `true` for none */
export function readFeeds(path: string | true): Feed[] {
  return chooseFeeds(path === true ? feedChoice.parse({}) : readChoice(path));
}

function readChoice(path: string): FeedChoice {
  const text = withFile({ action: 'read', path, what: 'the choice of feeds' }, () =>
    readFileSync(path, 'utf8'),
  );
  const checked = feedChoice.safeParse(parsed(path, text));
  if (checked.success) return checked.data;
  const [issue] = checked.error.issues;
  throw new CliError(`${path}: ${issue?.path.join('.') || 'the file'}: ${issue?.message}`);
}

function parsed(path: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new CliError(`${path} is not JSON: expected an object such as {"on": [], "off": [], "own": []}`);
  }
}

/**
 * Selects feeds by name, or all if none is named. Feeds that need a key are left to the function, which can read it.
 *
 * @throws {CliError} for an unknown name
 */
export function feedsNamed(names: readonly string[], feeds: readonly Feed[]): Feed[] {
  const open = feeds.filter(({ keyOf }) => keyOf === undefined);
  for (const name of names) {
    if (open.some((feed) => feed.name === name)) continue;
    const known = open.map((feed) => feed.name).join(', ');
    throw new CliError(`no list that can be fetched from here is called "${name}"; there are ${known}`);
  }
  return names.length === 0 ? open : open.filter(({ name }) => names.includes(name));
}
