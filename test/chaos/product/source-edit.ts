/** A change to the product's sources, applied while bundling, wherever the text occurs. */
export interface SourceEdit {
  readonly from: string;
  readonly to: string;
}
