import * as z from 'zod';
import { CATALOGUE } from './catalogue.ts';
import { type Feed, type FeedInput, feedSchema } from './feed.ts';

/** A site's changes to the catalogue. */
export const feedChoice = z
  .strictObject({
    /** Whether the catalogue's lists are used at all. */
    catalogue: z.boolean().default(true),
    /** Lists of the catalogue that are off by default, by name. */
    on: z.array(z.string()).default([]),
    /** Lists of the catalogue that are on by default. */
    off: z.array(z.string()).default([]),
    /** The site's own lists. */
    own: z.array(feedSchema).max(100).default([]),
  })
  .superRefine(({ on, off, own }, context) => {
    const known = new Map(CATALOGUE.map((feed) => [feed.name, feed]));
    for (const key of ['on', 'off'] as const) {
      for (const name of key === 'on' ? on : off) {
        if (known.has(name)) continue;
        const message = `the catalogue has no list "${name}"; it has ${[...known.keys()].join(', ')}`;
        context.addIssue({ code: 'custom', path: [key], message });
      }
    }
    const names = own.map(({ name }) => name);
    for (const name of names.filter((each, n) => known.has(each) || names.indexOf(each) !== n)) {
      const message = `"${name}" is the name of another list`;
      context.addIssue({ code: 'custom', path: ['own'], message });
    }
  });

export type FeedChoice = z.output<typeof feedChoice>;

/** The lists that a site uses: those of the catalogue that are on, and its own. */
export function chooseFeeds({ catalogue, on, off, own }: FeedChoice): Feed[] {
  const isOn = ({ name, offBecause }: FeedInput) =>
    on.includes(name) || (catalogue && offBecause === undefined && !off.includes(name));
  return [...CATALOGUE.filter(isOn).map((feed) => feedSchema.parse(feed)), ...own];
}
