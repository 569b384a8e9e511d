import * as z from 'zod';
import { LocalStackError } from '../errors.ts';
import { physicalName, type QueueUrl, Resolver } from './resolve.ts';
import {
  EMULATED_TYPES,
  type EmulatedType,
  IGNORED_TYPES,
  NOT_EMULATED,
  type PropertiesOf,
} from './resource-types.ts';
import type { Template } from './template.ts';

/** A resource with its properties resolved and validated. */
export interface Emulated<Type extends EmulatedType> {
  readonly type: Type;
  readonly name: string;
  readonly properties: PropertiesOf<Type>;
  /** Folder of a function's code below the synthesis's output; empty for other resources. */
  readonly assetPath: string;
}

/** The emulated resources of all templates. */
export class Resources {
  readonly templates: readonly Template[];
  readonly #resources: readonly Emulated<EmulatedType>[];

  constructor(templates: readonly Template[], resources: readonly Emulated<EmulatedType>[]) {
    this.templates = templates;
    this.#resources = resources;
  }

  /** A text output by name; undefined if there is none. */
  output(name: string): string | undefined {
    const template = this.templates.find(({ Outputs }) => Object.hasOwn(Outputs, name));
    const value = template && new Resolver(template, this.templates).resolve(template.Outputs[name]?.Value);
    return typeof value === 'string' ? value : undefined;
  }

  /** The name of the queue whose URL an output holds; undefined if there is no such output. */
  queueNameOutput(name: string): string | undefined {
    const template = this.templates.find(({ Outputs }) => Object.hasOwn(Outputs, name));
    if (template === undefined) return undefined;
    const url = new Resolver(template, this.templates).resolve(template.Outputs[name]?.Value);
    if (isQueueUrl(url)) return url.urlOfQueueNamed;
    throw unreadable(`expected the output ${name} to be the URL of a queue`);
  }

  only<Type extends EmulatedType>(type: Type): Emulated<Type> {
    const [found, ...others] = this.all(type);
    if (found === undefined || others.length > 0) throw unreadable(`expected one ${type} in the templates`);
    return found;
  }

  named<Type extends EmulatedType>(type: Type, wanted: string): Emulated<Type> {
    const found = this.all(type).find(({ name }) => name === wanted);
    if (found === undefined) throw unreadable(`expected a ${type} named ${wanted} in the templates`);
    return found;
  }

  all<Type extends EmulatedType>(type: Type): Emulated<Type>[] {
    return this.#resources.filter((resource): resource is Emulated<Type> => resource.type === type);
  }
}

/** @throws {LocalStackError} `template_unreadable` for a type or property that the embedded stack does not know */
export function readResources(templates: readonly Template[]): Resources {
  const resources = templates.flatMap((template) => {
    const resolver = new Resolver(template, templates);
    return Object.keys(template.Resources).flatMap((logicalId) =>
      readResource(template, logicalId, resolver),
    );
  });
  return new Resources(templates, resources);
}

function readResource(template: Template, logicalId: string, resolver: Resolver): Emulated<EmulatedType>[] {
  const resource = template.Resources[logicalId];
  if (resource === undefined || IGNORED_TYPES.has(resource.Type)) return [];
  const where = `${template.stackName}: ${logicalId}, a ${resource.Type},`;
  if (!Object.hasOwn(EMULATED_TYPES, resource.Type)) {
    throw unreadable(`${where} is of a type that the embedded stack does not know; see lib/local/template/`);
  }
  const type = resource.Type as EmulatedType;
  const { shape } = EMULATED_TYPES[type];
  const emulated = Object.entries(resource.Properties).map(([key, value]) => [
    key,
    // Properties that are not emulated may refer to resources that are not either.
    (shape as Record<string, z.ZodType>)[key] === NOT_EMULATED ? undefined : resolver.resolve(value),
  ]);
  const properties = EMULATED_TYPES[type].safeParse(Object.fromEntries(emulated));
  if (!properties.success) throw unreadable(`${where} ${z.prettifyError(properties.error)}`);
  return [
    {
      type,
      name: physicalName(template, logicalId, resource),
      properties: properties.data,
      assetPath: String(resource.Metadata['aws:asset:path'] ?? ''),
    },
  ];
}

function isQueueUrl(value: unknown): value is QueueUrl {
  return typeof value === 'object' && value !== null && 'urlOfQueueNamed' in value;
}

export function unreadable(reason: string): LocalStackError {
  return new LocalStackError(
    'template_unreadable',
    `The embedded stack can't be made from the templates: ${reason}`,
  );
}
