import * as z from 'zod';

/** A number, also where it came as the text of one. */
export function numeric<Schema extends z.ZodType>(schema: Schema) {
  return z.preprocess((value) => {
    const isNumber = typeof value === 'string' && /^\s*-?\d+(?:\.\d+)?\s*$/.test(value);
    return isNumber ? Number(value) : value;
  }, schema);
}
