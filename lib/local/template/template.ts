import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { LocalStackError } from '../errors.ts';

const resource = z.looseObject({
  Type: z.string(),
  Properties: z.record(z.string(), z.unknown()).default({}),
  Metadata: z.record(z.string(), z.unknown()).default({}),
});

const template = z.looseObject({
  Resources: z.record(z.string(), resource),
  Outputs: z.record(z.string(), z.looseObject({ Value: z.unknown() })).default({}),
});

const manifest = z.looseObject({
  artifacts: z.record(z.string(), z.looseObject({ type: z.string(), properties: z.unknown() })),
});

const stackProperties = z.looseObject({ templateFile: z.string() });

export type Resource = z.output<typeof resource>;

/** The parts of a CloudFormation template that are read. */
export type Template = z.output<typeof template> & { readonly stackName: string };

/** @throws {LocalStackError} `template_unreadable` */
export function readTemplates(folder: string): Template[] {
  const { artifacts } = readJson(folder, 'manifest.json', manifest);
  const stacks = Object.entries(artifacts).filter(([, { type }]) => type === 'aws:cloudformation:stack');
  return stacks.map(([stackName, { properties }]) => {
    const { templateFile } = stackProperties.parse(properties);
    return { stackName, ...readJson(folder, templateFile, template) };
  });
}

function readJson<Schema extends z.ZodType>(folder: string, file: string, schema: Schema): z.output<Schema> {
  try {
    return schema.parse(JSON.parse(readFileSync(join(folder, file), 'utf8')));
  } catch (cause) {
    throw new LocalStackError('template_unreadable', `${file} is no template that can be read`, { cause });
  }
}
